// SCRAM-SHA-256 against the example of RFC 7677, and against itself.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { challenge, checkProof, ScramClient, ScramError, scramKeys } from './scram.ts'

test('the example of RFC 7677, section 3', async () => {
  const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64')
  const keys = await scramKeys('pencil', salt, 4096)
  const started = challenge('n,,n=user,r=rOprNGfwEbeRWgbNEkqO', salt, 4096, Buffer.alloc(0))
  const nonce = 'rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0'
  const asInRfc = { ...started, nonce, serverFirst: `r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096` }
  const final = `c=biws,r=${nonce},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=`
  const checked = checkProof(asInRfc, final, [keys])
  assert.equal(checked?.serverFinal, 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=')
})

async function exchange(password: string, held: readonly string[]) {
  const salt = Buffer.from('some salt of ours')
  const keys = await Promise.all(held.map(each => scramKeys(each, salt, 1000)))
  const client = new ScramClient(Buffer.from('client nonce'))
  const started = challenge(client.first(), salt, 1000, Buffer.from('server nonce'))
  const final = await client.final(started.serverFirst, password)
  const checked = checkProof(
    started,
    final,
    keys.map((each, index) => ({ ...each, index })),
  )
  if (checked) client.verify(checked.serverFinal)
  return checked?.candidate.index
}

test('the token that fits is found among several, and none if none fits', async () => {
  assert.equal(await exchange('b', ['a', 'b', 'c']), 1)
  assert.equal(await exchange('x', ['a', 'b']), undefined)
  assert.equal(await exchange('x', []), undefined)
})

test('what does not follow the protocol is refused', async () => {
  const salt = Buffer.alloc(16)
  for (const first of [
    '',
    'n,,',
    'p=tls-unique,,n=,r=abc',
    'n,a=root,n=,r=abc',
    'n,,n=,x=1',
    'n,,n=,r=a\u0001',
  ])
    assert.throws(() => challenge(first, salt, 4096, Buffer.alloc(4)), ScramError, first)
  const started = challenge('n,,n=,r=abc', salt, 4096, Buffer.alloc(4))
  for (const final of ['', 'c=biws,p=AAAA', `c=eSws,r=${started.nonce},p=AAAA`, 'c=biws,r=abc,p=AAAA'])
    assert.throws(() => checkProof(started, final, []), ScramError, final)
  const client = new ScramClient(Buffer.from('n'))
  for (const serverFirst of [
    'r=zzz,s=AAAA,i=1',
    'r=bg==,s=AAAA,i=1',
    'r=bg==x,s=AAAA,i=0',
    'r=bg==x,s=AAAA,i=999999999',
  ])
    await assert.rejects(client.final(serverFirst, 'x'), ScramError, serverFirst)
  assert.throws(() => client.verify('v=AAAA'), ScramError)
})
