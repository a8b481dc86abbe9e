// Routes of devices: how the user agent is let in, and what its owner sees of it. Part of the contract.

export interface DeviceRow {
  readonly id: string
  readonly userName: string
  /** Of the one who asks. */
  readonly own: boolean
  readonly name: string
  readonly system: string
  readonly createdAtMs: number
  readonly signedInUntilMs: number
  readonly lastSeenAtMs: number
  readonly lastAddress: string
}

/** Where the tunnel is, and by whom it must be known. */
export interface TunnelPlace {
  readonly host: string
  readonly port: number
  /** PEM: the one authority that the tunnel's certificate must come from. */
  readonly authority: string
  /** `SHA256:…` of it, as people compare it. */
  readonly fingerprint: string
}

/** A device that asks to be let in. */
export interface DeviceWish {
  readonly name: string
  readonly system: string
  /** SHA-256 of a verifier that it keeps, base64url (RFC 7636, S256). */
  readonly challenge: string
}

export interface DevicePass {
  readonly deviceId: string
  readonly userName: string
  /** PEM. */
  readonly certificate: string
  readonly expiresAtMs: number
  readonly signedInUntilMs: number
}

export interface DeviceProofInput {
  readonly deviceId: string
  readonly atMs: number
  /** Signature of the device's key, base64. */
  readonly proof: string
}

export interface DeviceRoutes {
  /** Administrators see all, everybody else their own. */
  'GET /api/devices': { in: void; out: readonly DeviceRow[] }
  'DELETE /api/devices/:id': { in: void; out: void }

  'GET /api/device/tunnel': { in: void; out: TunnelPlace }
  /** Without a browser on the device (RFC 8628): a code to type on the page `/device`. */
  'POST /api/device/code': {
    in: DeviceWish
    out: { code: string; userCode: string; page: string; expiresAtMs: number; intervalMs: number }
  }
  /** What waits under a code. */
  'POST /api/device/look': {
    in: { userCode: string }
    out: { name: string; system: string; address: string; expiresAtMs: number }
  }
  'POST /api/device/decide': { in: { userCode: string; allow: boolean }; out: void }
  /** By the browser of the device, which goes back to it: to a loopback address only. */
  'POST /api/device/authorize': {
    in: DeviceWish & { readonly redirect: string; readonly state: string }
    out: { redirect: string }
  }
  'POST /api/device/token': {
    in: { code: string; verifier: string; publicKey: string; proof: string }
    out: { state: 'pending' | 'refused' } | { state: 'allowed'; pass: DevicePass }
  }
  'POST /api/device/renew': { in: DeviceProofInput; out: DevicePass }
  'POST /api/device/leave': { in: DeviceProofInput; out: void }
}
