// Nothing reaches a target without a permit of the gate: what is not one does not compile. The type checker runs this test.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Permit } from '../../gate/permit.ts'
import type { TargetSide } from './target-side.ts'

test('sending takes a permit, and only the gate has one', () => {
  const unjudged = (target: TargetSide): void => {
    // @ts-expect-error: bytes alone
    target.send([Buffer.from('Q')])
    // @ts-expect-error: something of the shape of a permit
    target.send({ statements: [] }, [Buffer.from('Q')])
    // @ts-expect-error: nothing
    target.send(undefined, [Buffer.from('Q')])
    // @ts-expect-error: nobody makes a permit by hand
    target.send(new Permit([]), [Buffer.from('Q')])
  }
  assert.equal(typeof unjudged, 'function')
})
