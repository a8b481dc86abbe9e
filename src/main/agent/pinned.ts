// What a server shows of its authority, and gives to a device: looked at here, and never taken by its word.

import { createPrivateKey, X509Certificate } from 'node:crypto'
import { fingerprintOf } from '../../access/authority-fingerprint.ts'
import type { DevicePass, TunnelPlace } from '../../console/devices/device-contract.ts'

/**
 * The fingerprint is made from the certificate that is pinned: one that only stands beside it would let anybody show the
 * right one with an authority of their own.
 * @returns the place with one certificate and the fingerprint of it
 * @throws Error  they do not belong together
 */
export function pinnable(place: TunnelPlace): TunnelPlace {
  const { certificate, der } = readCertificate(place.authority)
  const fingerprint = fingerprintOf(der)
  if (place.fingerprint !== fingerprint)
    throw new Error(
      'The server shows a fingerprint that is not of its authority. Nothing was done; ask an administrator.',
    )
  // Of several certificates in one text all would be trusted, and one was compared.
  return { ...place, authority: certificate, fingerprint }
}

/** @throws Error  the certificate is not for the key of this device, or not from the pinned authority */
export function checkPass(
  { certificate }: Pick<DevicePass, 'certificate'>,
  key: string,
  authority: string,
): void {
  const { read } = readCertificate(certificate)
  if (!read.checkPrivateKey(createPrivateKey(key)) || !read.verify(new X509Certificate(authority).publicKey))
    throw new Error(
      'The server gave a certificate that is not for this device, or not from the authority that was compared.',
    )
}

function readCertificate(pem: string) {
  try {
    const read = new X509Certificate(pem)
    return { read, certificate: read.toString(), der: read.raw }
  } catch (error) {
    throw new Error('The server shows a certificate that cannot be read.', { cause: error })
  }
}
