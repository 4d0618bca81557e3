export interface ServerConfig {
  readonly port: number;
  readonly udpPort: number;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** URLs that are told what happens in rooms. */
  readonly webhookUrls: readonly string[];
}

/**
 * Configuration of a livekit-server that nobody outside this machine can reach or notice: one TCP and one UDP port on
 * loopback, no public STUN. JSON, which is YAML too. `departure_timeout` is short so that rooms of tests go away.
 */
export function serverConfig(options: ServerConfig): string {
  return JSON.stringify({
    port: options.port,
    bind_addresses: ['127.0.0.1'],
    rtc: {
      udp_port: options.udpPort,
      // It would listen on every interface, whatever `bind_addresses` says.
      tcp_port: 0,
      use_external_ip: false,
      node_ip: '127.0.0.1',
      enable_loopback_candidate: true,
      ips: { includes: ['127.0.0.1/32'] },
      // Nothing listens there: with an empty list clients are sent to public STUN servers.
      stun_servers: ['127.0.0.1:3478'],
    },
    turn: { enabled: false },
    keys: { [options.apiKey]: options.apiSecret },
    ...(options.webhookUrls.length > 0
      ? { webhook: { api_key: options.apiKey, urls: options.webhookUrls } }
      : {}),
    room: { empty_timeout: 20, departure_timeout: 2 },
    logging: { level: 'info', json: true },
  });
}
