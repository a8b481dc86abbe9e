// The port table: every port of the gateway, who dials it and why. Defaults in the configuration and the documents come from here.

export interface PortUse {
  readonly name: string
  /** First and last port; equal for a single one. */
  readonly from: number
  readonly to: number
  readonly protocol: 'HTTP' | 'HTTPS' | 'TCP'
  readonly dialledBy: string
  readonly why: string
}

/** The production ports; the quick start serves the console on `consoleQuickStart`, which needs no privilege. */
export const ports = {
  console: {
    name: 'console',
    from: 443,
    to: 443,
    protocol: 'HTTPS',
    dialledBy: 'everyone, or a layer-7 balancer',
    why: 'console and its API',
  },
  consolePlain: {
    name: 'console, plain',
    from: 80,
    to: 80,
    protocol: 'HTTP',
    dialledBy: 'everyone, or a layer-7 balancer',
    why: 'redirect to HTTPS; /readyz for health checks',
  },
  consoleQuickStart: {
    name: 'console, quick start',
    from: 8080,
    to: 8080,
    protocol: 'HTTP',
    dialledBy: 'the same machine',
    why: 'console on loopback, without a certificate',
  },
  tunnel: {
    name: 'tunnel',
    from: 9_000,
    to: 9_000,
    protocol: 'TCP',
    dialledBy: 'user agents, or a layer-4 balancer',
    why: 'desktop tools by way of the user agent: TLS 1.3 with the certificate of the device',
  },
  targets: {
    name: 'database targets',
    from: 40_000,
    to: 45_000,
    protocol: 'TCP',
    dialledBy: 'native database clients',
    why: 'one port for each exposed target, its own for life',
  },
} as const satisfies Readonly<Record<string, PortUse>>
