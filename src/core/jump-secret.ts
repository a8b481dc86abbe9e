// A private key and its passphrase as one secret: sealed together, opened together.

/** Stands before a key that has a passphrase; such a line is no part of any form of keys. */
const mark = 'sekisho-passphrase: '

export const joinKey = (key: string, passphrase: string): string =>
  passphrase === '' ? key : `${mark}${Buffer.from(passphrase).toString('base64')}\n${key}`

export function splitKey(secret: string): { readonly key: string; readonly passphrase: string | undefined } {
  const end = secret.indexOf('\n')
  if (!secret.startsWith(mark) || end < 0) return { key: secret, passphrase: undefined }
  return {
    key: secret.slice(end + 1),
    passphrase: Buffer.from(secret.slice(mark.length, end), 'base64').toString(),
  }
}
