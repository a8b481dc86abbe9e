// The name in the certificate of the tunnel, whatever its host is called: devices trust the authority, not names.

export const tunnelName = 'tunnel.sekisho.internal'
