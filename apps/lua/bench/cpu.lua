-- SPDX-License-Identifier: BSD-3-Clause
-- Copyright: The Tessera Authors
-- CPU-bound: calls, integer and floating-point loops, table access, strings; one table, reused. What the collector and
-- the heap cost is in alloc.lua.
-- Usage: lua cpu.lua [scale]; prints the seconds that the work took.

local scale = tonumber((arg or {})[1]) or 1

local function fib(n)
  if n < 2 then return n end
  return fib(n - 1) + fib(n - 2)
end

local composite = {}

local function sieve(limit)
  local count = 0
  for i = 1, limit do composite[i] = false end
  for i = 2, limit do
    if not composite[i] then
      count = count + 1
      for j = i * i, limit, i do composite[j] = true end
    end
  end
  return count
end

local function sieves(rounds)
  local count = 0
  for _ = 1, rounds do count = count + sieve(100000) end
  return count
end

local function spectral(n)
  local function a(i, j)
    local ij = i + j
    return 1.0 / (ij * (ij + 1) * 0.5 + i + 1)
  end
  local u, v, w = {}, {}, {}
  for i = 0, n - 1 do u[i] = 1.0 end
  local function multiply(x, y, at)
    for i = 0, n - 1 do
      local sum = 0.0
      for j = 0, n - 1 do sum = sum + at(i, j) * x[j] end
      y[i] = sum
    end
  end
  local function at(i, j) return a(j, i) end
  for _ = 1, 3 do
    multiply(u, w, a); multiply(w, v, at)
    multiply(v, w, a); multiply(w, u, at)
  end
  local vbv, vv = 0.0, 0.0
  for i = 0, n - 1 do vbv = vbv + u[i] * v[i]; vv = vv + v[i] * v[i] end
  return math.sqrt(vbv / vv)
end

local function mandelbrot(n)
  local inside = 0
  for y = 0, n - 1 do
    local ci = 2.0 * y / n - 1.0
    for x = 0, n - 1 do
      local cr, zr, zi, k = 2.0 * x / n - 1.5, 0.0, 0.0, 0
      while k < 50 and zr * zr + zi * zi < 4.0 do
        zr, zi = zr * zr - zi * zi + cr, 2.0 * zr * zi + ci
        k = k + 1
      end
      if k == 50 then inside = inside + 1 end
    end
  end
  return inside
end

local function strings(rounds)
  local text = string.rep("the quick brown fox jumps over the lazy dog ", 50)
  local found = 0
  for i = 1, rounds do
    for word in string.gmatch(text, "%a+") do found = found + #word end
    found = found + select(2, string.gsub(text, "o", "0"))
    found = found + #string.format("%d %5.2f %s", i, i / 7, "x")
  end
  return found
end

-- The parts take about the same time each.
local start = os.clock()
local results = {}
for round = 1, 4 * scale do
  results[1] = fib(27)
  results[2] = sieves(3)
  results[3] = string.format("%.9f", spectral(100))
  results[4] = mandelbrot(120)
  results[5] = strings(200)
end
print("result", table.concat(results, " "))
print(string.format("seconds %.4f", os.clock() - start))
