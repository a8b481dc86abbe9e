// The certificates that something depends on, and when each ends.

import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { CertificateRow } from '../../console/contract.ts'
import type { TargetState } from '../../catalog/reach.ts'
import type { TargetId } from '../../core/ids.ts'
import type { Target } from '../../core/target.ts'
import type { Certificate } from '../certificates.ts'

export interface CertificateSources {
  /** PEM file of the console, where it speaks HTTPS itself. */
  readonly consoleFile: string | undefined
  readonly clients: Certificate
  readonly deviceCa: string | undefined
  readonly targets: readonly Target[]
  readonly states: ReadonlyMap<TargetId, TargetState>
}

/** Sorted by their end. */
export function certificatesInUse(sources: CertificateSources): readonly CertificateRow[] {
  const { consoleFile, clients, deviceCa, targets, states } = sources
  const rows: CertificateRow[] = []
  const add = (use: CertificateRow['use'], name: string, pem: string | Buffer): void => {
    const read = endOf(pem)
    if (read !== undefined) rows.push({ use, name, ...read })
  }
  if (consoleFile !== undefined) add('console', '', readFileSync(consoleFile))
  const subject = clients.selfSigned ? 'self-signed' : ''
  rows.push({ use: 'clients', name: '', subject, endsAtMs: clients.expiresAtMs })
  if (deviceCa !== undefined) add('deviceCa', '', deviceCa)
  const authorities = new Map<string, string>()
  for (const { tlsCa, name } of targets) {
    if (tlsCa !== undefined && !authorities.has(tlsCa)) authorities.set(tlsCa, name)
  }
  for (const [pem, name] of authorities) add('targetCa', name, pem)
  for (const { id, name } of targets) {
    const endsAtMs = states.get(id)?.certificateEndsAtMs
    if (endsAtMs !== undefined) rows.push({ use: 'target', name, subject: '', endsAtMs })
  }
  return rows.sort((a, b) => a.endsAtMs - b.endsAtMs)
}

/** Of a bundle, the one that ends first. */
function endOf(pem: string | Buffer): Pick<CertificateRow, 'subject' | 'endsAtMs'> | undefined {
  const blocks = String(pem).match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  let first: Pick<CertificateRow, 'subject' | 'endsAtMs'> | undefined
  for (const block of blocks) {
    try {
      const { subject, validTo } = new X509Certificate(block)
      const endsAtMs = Date.parse(validTo)
      if (first === undefined || endsAtMs < first.endsAtMs) first = { subject: plain(subject), endsAtMs }
    } catch {
      // Not one that Node can read: what depends on it says so itself.
    }
  }
  return first
}

const plain = (subject: string | undefined): string => (subject ?? '').replaceAll('\n', ', ')
