-- SPDX-License-Identifier: BSD-3-Clause
-- Copyright: The Tessera Authors

-- What Lua programs do all day: build strings and tables, call closures, parse text, throw it all away.

local function words(n)
	local state, list = 12345, {}
	for i = 1, n do
		state = (state * 1103515245 + 12345) % 2147483648
		list[i] = string.format("w%d_%s", state % 500, ("x"):rep(state % 17))
	end
	return list
end

local function tree(depth)
	if depth == 0 then
		return { value = depth }
	end
	return { left = tree(depth - 1), right = tree(depth - 1), value = depth }
end

local function count(list)
	local seen = {}
	for _, w in ipairs(list) do
		seen[w] = (seen[w] or 0) + 1
	end
	return seen
end

local function encode(v)
	if type(v) ~= "table" then
		return type(v) == "string" and '"' .. v .. '"' or tostring(v)
	end
	local parts = {}
	for k, x in pairs(v) do
		parts[#parts + 1] = '"' .. tostring(k) .. '":' .. encode(x)
	end
	return "{" .. table.concat(parts, ",") .. "}"
end

local function decode(text)
	local fields = {}
	for k, v in text:gmatch('"(%w+)":(%d+)') do
		fields[#fields + 1] = { key = k, value = tonumber(v) }
	end
	return fields
end

local keep = {}
for round = 1, 6 do
	local list = words(600)
	table.sort(list)
	keep[round] = count(list)
	local t = tree(8)
	local text = encode({ tree = t, round = round, words = count(list) })
	keep[round].fields = #decode(text)
	keep[round].upper = text:sub(1, 2000):upper()
	local makers = {}
	for i = 1, 200 do
		makers[i] = function()
			return i + round
		end
	end
	keep[round % 3 + 1] = makers
end
print(#keep)
