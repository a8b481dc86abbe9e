// What a mask looks like, with a made-up value: no real value is ever needed to show it.

import type { MaskShape } from '../../../src/console/contract.ts'

const examples: { readonly [Shape in MaskShape]: readonly [before: string, after: string] } = {
  email: ['hanako@example.jp', 'h***@***.jp'],
  phone: ['090-1234-5678', '***78'],
  card: ['4012 8888 8888 1881', '**** **** **** 1881'],
  name: ['Hanako Sato', 'H***'],
  date: ['1987-06-14', '1987-01-01'],
  number: ['642000', 'NULL'],
  null: ['abc-123', 'NULL'],
  constant: ['abc-123', '***'],
  hash: ['abc-123', '9f3c61d07a…'],
}

export function maskExample(shape: MaskShape): { readonly before: string; readonly after: string } {
  const [before, after] = examples[shape]
  return { before, after }
}

export const maskShapes = Object.keys(examples) as readonly MaskShape[]
