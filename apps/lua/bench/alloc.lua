-- SPDX-License-Identifier: BSD-3-Clause
-- Copyright: The Tessera Authors
-- Allocation-bound: trees, growing tables, short strings, closures; the collector runs all the time.
-- Usage: lua alloc.lua [scale]; prints the seconds that the work took.

local scale = tonumber((arg or {})[1]) or 1

local function tree(depth)
  if depth == 0 then return {} end
  return { tree(depth - 1), tree(depth - 1) }
end

local function check(t)
  if not t[1] then return 1 end
  return 1 + check(t[1]) + check(t[2])
end

local function trees(rounds)
  local kept, nodes = tree(13), 0
  for _ = 1, rounds do nodes = nodes + check(tree(11)) end
  return nodes + check(kept)
end

local function grow(rounds)
  local total = 0
  for i = 1, rounds do
    local t = {}
    for j = 1, 200 do t[j] = j end
    for j = 1, 20 do t["key" .. j] = i end
    total = total + #t
  end
  return total
end

local function texts(rounds)
  local parts, length = {}, 0
  for i = 1, rounds do
    parts[#parts + 1] = "item " .. i .. ":" .. (i * 7 % 1000)
    if #parts == 500 then
      length = length + #table.concat(parts, ",")
      parts = {}
    end
  end
  return length
end

local function closures(rounds)
  local sum = 0
  for i = 1, rounds do
    local add = function(x) return function(y) return x + y + i end end
    sum = sum + add(i)(1)
  end
  return sum
end

local start = os.clock()
local results = { trees(60 * scale), grow(6000 * scale), texts(300000 * scale), closures(400000 * scale) }
print("result", table.concat(results, " "))
print(string.format("seconds %.4f", os.clock() - start))
