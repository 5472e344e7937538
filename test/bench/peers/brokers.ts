/** The settings under which the two brokers run: one process each, on a port that is free, with nothing kept on disk. */
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import type { Command } from './peers.ts';

const heartbeatSeconds = 15;

export async function nginxSettings(folder: string): Promise<Command> {
  const port = await freePort();
  const file = path.join(folder, 'nginx.conf');
  mkdirSync(path.join(folder, 'logs'), { recursive: true });
  writeFileSync(
    file,
    `
load_module /usr/lib/nginx/modules/ngx_nchan_module.so;
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log crit;
worker_rlimit_nofile 19000;
events { worker_connections 18000; }
http {
  access_log off;
  keepalive_requests 10000000;
  keepalive_timeout 600s;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  nchan_max_reserved_memory 512M;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location = /publish {
      nchan_publisher;
      nchan_channel_id $arg_to;
      nchan_message_buffer_length 200;
      nchan_message_timeout 5m;
    }
    location = /subscribe {
      nchan_subscriber eventsource;
      nchan_channel_id $arg_nick everybody;
      nchan_subscriber_first_message newest;
      nchan_eventsource_ping_interval ${heartbeatSeconds};
    }
  }
}
`,
  );
  return {
    file: 'nginx',
    parameters: ['-c', file, '-p', folder, '-e', path.join(folder, 'error.log')],
    port,
  };
}

export async function mosquittoSettings(folder: string): Promise<Command> {
  const port = await freePort();
  const file = path.join(folder, 'mosquitto.conf');
  writeFileSync(
    file,
    `
listener ${port} 127.0.0.1
allow_anonymous true
persistence false
log_type none
set_tcp_nodelay true
max_inflight_messages 0
max_queued_messages 0
`,
  );
  return { file: 'mosquitto', parameters: ['-c', file], port };
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
