'use strict';

// Runs a real nginx with a cache.

const { spawn, spawnSync } = require('node:child_process');
const { existsSync, mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { freePort, listens } = require('./ports.js');

const PROGRAM = ['/usr/sbin/nginx', '/usr/bin/nginx', '/usr/local/sbin/nginx'].find(existsSync) ?? 'nginx';
const isInstalled = () => spawnSync(PROGRAM, ['-v']).status === 0;

// Runs nginx on a free port as a proxy for `upstream`. Calls `use` with the origin of nginx.
async function caching(upstream, use) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sealwire-nginx-'));
  const port = await freePort();
  writeFileSync(path.join(folder, 'nginx.conf'), configuration(folder, port, upstream));
  const nginx = spawn(PROGRAM, ['-p', folder, '-c', 'nginx.conf', '-e', 'error.log'], { stdio: 'inherit' });
  try {
    await listens(String(port));
    return await use(`http://127.0.0.1:${port}`);
  } finally {
    const ended = new Promise((resolve) => nginx.once('exit', resolve));
    nginx.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

const configuration = (folder, port, upstream) => `
daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
events {}
http {
  access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/temp;
  fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  proxy_cache_path ${folder}/cache keys_zone=all:1m;
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass ${upstream}; proxy_set_header Host $http_host;
      proxy_cache all; proxy_cache_valid 200 60s; add_header X-Cache $upstream_cache_status;
    }
  }
}
`;

module.exports = { caching, isInstalled };
