package io.dray.bench.messaging;

import java.nio.file.Path;

/** Configurations of gRPC proxies: one process, one thread, connections kept, nothing logged. */
final class ProxyConfig {
    private ProxyConfig() {}

    static String nginx(int port, String sink, Path folder) {
        return """
                daemon off;
                master_process off;
                pid %3$s/nginx.pid;
                error_log stderr error;
                events { worker_connections 1024; }
                http {
                  access_log off;
                  client_body_temp_path %3$s/body;
                  proxy_temp_path %3$s/proxy;
                  fastcgi_temp_path %3$s/fastcgi;
                  uwsgi_temp_path %3$s/uwsgi;
                  scgi_temp_path %3$s/scgi;
                  client_max_body_size 0;
                  upstream sink {
                    server %2$s;
                    keepalive 512;
                    keepalive_requests 1000000000;
                  }
                  server {
                    listen 127.0.0.1:%1$d http2;
                    keepalive_requests 1000000000;
                    http2_max_concurrent_streams 1024;
                    location / { grpc_pass grpc://sink; }
                  }
                }
                """.formatted(port, sink, folder);
    }

    static String haproxy(int port, String sink) {
        return """
                global
                  maxconn 1024
                  nbthread 1
                defaults
                  mode http
                  timeout connect 5s
                  timeout client 1h
                  timeout server 1h
                frontend load
                  bind 127.0.0.1:%1$d proto h2
                  default_backend sink
                backend sink
                  server sink %2$s proto h2
                """.formatted(port, sink);
    }
}
