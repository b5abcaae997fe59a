"""
The line of an institution as Valkey keeps it. Each script is one round trip and one moment.

Of the keys: the state (a hash), the line (account by lot or arrival), the turns (until when, or
`used`) and the tickets by address. The clock is Valkey's, the same for all who ask.
"""

# who, the opening of the ticket, when that was taken, address, whether to stand again
ENTER = """
local T = redis.call('TIME')
local now = T[1] + T[2] / 1000000
local s = redis.call('HMGET', KEYS[1], 'id', 'waits', 'opens', 'draw', 'ends', 'rate', 'admitted',
                     'at', 'seed', 'commit', 'places', 'limit', 'name', 'turn', 'phone')
if not s[1] then return cjson.encode({kind = 'none'}) end
local f = {id = s[1], now = now, waits = tonumber(s[2]), opens = tonumber(s[3]),
           draw = tonumber(s[4]), ends = tonumber(s[5]), rate = tonumber(s[6]), commit = s[10],
           places = s[11] or '', name = s[13], turn = tonumber(s[14]), phone = s[15]}
local function say(kind) f.kind = kind; return cjson.encode(f) end
local who = ARGV[1]
if now >= f.draw then
  f.seed = s[9]
  f.lot = string.sub(redis.sha1hex(s[9] .. who), 1, 13)
end
if now >= f.ends then return say('over') end
if now < f.waits then return say('early') end
local score = tonumber(redis.call('ZSCORE', KEYS[2], who) or nil)
local turn = redis.call('HGET', KEYS[3], who)
local stands_again = ARGV[5] == '1' and turn and (turn == 'used' or tonumber(turn) <= now)
if stands_again then
  redis.call('HDEL', KEYS[3], who)
  turn, score = false, nil
end
if not score then
  local taken = now
  if ARGV[2] == f.id and ARGV[3] ~= '' and not stands_again then
    taken = math.min(now, tonumber(ARGV[3]))
  elseif ARGV[4] ~= '' and redis.call('HINCRBY', KEYS[4], ARGV[4], 1) > tonumber(s[12]) then
    return say('crowded')
  end
  if taken < f.draw then
    score = tonumber(string.sub(redis.sha1hex(s[9] .. who), 1, 13), 16) / 4503599627370496
  else
    score = 1 + taken - f.draw
  end
  redis.call('ZADD', KEYS[2], string.format('%.17g', score), who)
  for key = 2, 4 do redis.call('EXPIREAT', KEYS[key], math.floor(f.ends) + 86400) end
end
f.taken = score < 1 and math.min(now, f.draw - 1) or f.draw + score - 1
f.drawn = score < 1
f.size = redis.call('ZCARD', KEYS[2])
if now < f.draw then return say('waiting') end
local admitted, at = tonumber(s[7]) or 0, tonumber(s[8]) or f.draw
if now > at then
  admitted = math.min(admitted + (now - at) * f.rate, f.size)
  redis.call('HSET', KEYS[1], 'admitted', string.format('%.6f', admitted), 'at',
             string.format('%.6f', now))
end
local rank = redis.call('ZRANK', KEYS[2], who)
f.number, f.ahead = rank + 1, math.max(0, rank - math.floor(admitted))
if not turn and rank < math.floor(admitted) then
  turn = string.format('%.3f', now + f.turn)
  redis.call('HSET', KEYS[3], who, turn)
end
if not turn then return say('line') end
if turn == 'used' then return say('used') end
f.left = tonumber(turn) - now
return say(f.left > 0 and 'turn' or 'passed')
"""

# id, waits, opens, draw, ends, the database's now, seed, commit, limit, name, turn, rate, grace,
# phone
LAY = """
if redis.call('HGET', KEYS[1], 'id') == ARGV[1] then return 0 end
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3], KEYS[4])
local T = redis.call('TIME')
local now = T[1] + T[2] / 1000000
local off = now - tonumber(ARGV[6])
if math.abs(off) < 2 then off = 0 end
local function here(n) return string.format('%.3f', tonumber(ARGV[n]) + off) end
redis.call('HSET', KEYS[1], 'id', ARGV[1], 'waits', here(2), 'opens', here(3), 'draw', here(4),
           'ends', here(5), 'seed', ARGV[7], 'commit', ARGV[8], 'limit', ARGV[9], 'name', ARGV[10],
           'turn', ARGV[11], 'rate', ARGV[12], 'phone', ARGV[14])
if now > tonumber(here(4)) then
  redis.call('HSET', KEYS[1], 'at', string.format('%.3f', now + tonumber(ARGV[13])))
end
redis.call('EXPIREAT', KEYS[1], math.floor(tonumber(here(5))) + 86400)
return 1
"""

# who: its turn was used, if it had one
SPEND = """
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], 'used')
return 1
"""

# id, rate (or nothing), places: of this opening alone. How many wait.
STEER = """
if redis.call('HGET', KEYS[1], 'id') ~= ARGV[1] then return -1 end
redis.call('HSET', KEYS[1], 'places', ARGV[3])
if ARGV[2] ~= '' then redis.call('HSET', KEYS[1], 'rate', ARGV[2]) end
local admitted = tonumber(redis.call('HGET', KEYS[1], 'admitted') or '0')
return redis.call('ZCARD', KEYS[2]) - math.floor(admitted)
"""

# seconds that one hold took: the mean of late, which fades
REPORT = """
local mean = tonumber(redis.call('GET', KEYS[1]) or ARGV[1])
redis.call('SET', KEYS[1], string.format('%.4f', mean * 0.9 + tonumber(ARGV[1]) * 0.1), 'EX', 30)
return 1
"""
