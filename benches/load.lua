-- Sends the load of one round. The signed request heads are read from a file and sent in order. If the file has enough heads, each
-- head is sent only once.
-- wrk calls the functions of this script by their names.

local heads = {}
local sent = 0
local body = '{"query": "{ practices { id } }"}'

function init(args)
  for line in io.lines(args[1]) do
    local headers = { ["Content-Type"] = "application/json" }
    for name, value in line:gmatch("([^\t]+)\t([^\t]+)") do
      headers[name] = value
    end
    heads[#heads + 1] = headers
  end
end

function request()
  local headers = heads[sent % #heads + 1]
  sent = sent + 1
  return wrk.format("POST", nil, headers, body)
end

function done(summary)
  local errors = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  print(string.format('{"requests": %d, "errors": %d}', summary.requests, errors))
end
