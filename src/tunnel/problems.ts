// Words for what goes wrong on the way by a jump host.

interface SshError extends Error {
  readonly level?: string
  readonly code?: string
  /** Of a channel that was not opened. */
  readonly reason?: number | string
}

/** @param keyDiffers  it showed another host key than the one that was confirmed */
export function whyNoJump(error: SshError, keyDiffers: boolean): string {
  if (keyDiffers) {
    return 'the SSH jump host shows another host key than the one that was confirmed. Somebody may stand in between: nothing was sent to it. If the host was set up anew, confirm its new key.'
  }
  if (error.reason !== undefined) return channelWords(error.reason)
  if (error.level === 'client-authentication') {
    return 'the SSH jump host does not accept the user with this key or password.'
  }
  if (error.level === 'client-timeout') return 'the SSH jump host does not answer in time.'
  if (/no passphrase given/i.test(error.message)) {
    return 'the private key for the SSH jump host has a passphrase. Give it together with the key.'
  }
  if (/privateKey|parse|passphrase|Encrypted/i.test(error.message)) {
    return 'the private key for the SSH jump host cannot be read. Give one in PEM or OpenSSH form, and its passphrase if it has one.'
  }
  if (/no matching|Host denied/i.test(error.message)) {
    return 'the SSH jump host does not show the confirmed kind of host key, or knows only outdated methods.'
  }
  return connectionWords[error.code ?? ''] ?? 'the connection to the SSH jump host failed.'
}

/** RFC 4254, 5.1. */
function channelWords(reason: number | string): string {
  if (reason === 1 || reason === 'ADMINISTRATIVELY_PROHIBITED') {
    return 'the SSH jump host does not permit forwarding to it (AllowTcpForwarding, PermitOpen).'
  }
  if (reason === 2 || reason === 'CONNECT_FAILED') {
    return 'the SSH jump host cannot reach it: check its host and port as seen from there.'
  }
  return 'the SSH jump host could not open the way to it.'
}

const connectionWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at the address of the SSH jump host.',
  ECONNRESET: 'the SSH jump host closed the connection.',
  EHOSTUNREACH: 'the SSH jump host cannot be reached from here.',
  ENETUNREACH: 'the SSH jump host cannot be reached from here.',
  ENOTFOUND: 'the name of the SSH jump host is not known.',
  EAI_AGAIN: 'the name of the SSH jump host cannot be looked up at the moment.',
  ETIMEDOUT: 'the SSH jump host does not answer in time.',
}
