// Our certificate towards clients: the one that is configured, or a self-signed one made at first start.

import { X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSecureContext, type SecureContext } from 'node:tls'

export interface CertificateFiles {
  readonly cert: string
  readonly key: string
}

export interface Certificate {
  readonly context: SecureContext
  readonly expiresAtMs: number
  readonly selfSigned: boolean
}

const lifeDays = 825
const renewBeforeMs = 30 * 24 * 60 * 60 * 1000

/**
 * @param files    PEM files from the configuration; `undefined`: self-signed, kept in `folder`
 * @param host     name that a self-signed certificate is for
 * @throws Error if the files cannot be read or do not belong together
 */
export async function loadCertificate(
  files: CertificateFiles | undefined,
  folder: string,
  host: string,
  nowMs: number,
): Promise<Certificate> {
  if (files !== undefined) return read(files, false)
  const own = { cert: join(folder, 'tls-cert.pem'), key: join(folder, 'tls-key.pem') }
  const kept = tryRead(own)
  if (kept !== undefined && kept.expiresAtMs - nowMs > renewBeforeMs) return kept
  await make(own, host, nowMs)
  return read(own, true)
}

function tryRead(files: CertificateFiles): Certificate | undefined {
  try {
    return read(files, true)
  } catch {
    return undefined
  }
}

function read(files: CertificateFiles, selfSigned: boolean): Certificate {
  const cert = readFileSync(files.cert)
  const key = readFileSync(files.key)
  const context = createSecureContext({ cert, key, minVersion: 'TLSv1.2' })
  return { context, selfSigned, expiresAtMs: Date.parse(new X509Certificate(cert).validTo) }
}

async function make(files: CertificateFiles, host: string, nowMs: number): Promise<void> {
  const names = [...new Set([host, 'localhost'])].filter(name => !/^[\d.]+$/.test(name))
  // Needed once in years, and large.
  const { generate } = await import('selfsigned')
  const made = await generate([{ name: 'commonName', value: host }], {
    keyType: 'ec',
    notBeforeDate: new Date(nowMs - 60_000),
    notAfterDate: new Date(nowMs + lifeDays * 24 * 60 * 60 * 1000),
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          ...names.map(value => ({ type: 2 as const, value })),
          { type: 7 as const, ip: '127.0.0.1' },
        ],
      },
    ],
  })
  writeFileSync(files.key, made.private, { mode: 0o600 })
  writeFileSync(files.cert, made.cert, { mode: 0o644 })
}
