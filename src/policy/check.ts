// Reads a whole set: every problem at its place, and the policies that could be compiled.

import { limits } from '../core/limits.ts'
import type { Cedar, CedarFinding } from './cedar.ts'
import { cedarWords } from './cedar-words.ts'
import { type CompiledPolicy, compilePolicy } from './compiled-policy.ts'
import { NotCompilable } from './expression.ts'
import type { AnnotationProblem } from './obligation.ts'
import type { Language, PolicyProblem } from './policy.ts'
import { problemWords, type ProblemCode } from './problem-words.ts'
import { indexOfByte, type Piece, positionAt, splitPolicies } from './source.ts'

export interface Checked {
  readonly problems: readonly PolicyProblem[]
  readonly policies: readonly CompiledPolicy[]
  /** Every piece of the text that is meant as a policy, with the policy if it can be read. */
  readonly pieces: readonly CheckedPiece[]
}

export interface CheckedPiece {
  readonly piece: Piece
  readonly policy: CompiledPolicy | undefined
}

interface Found {
  readonly severity: 'error' | 'warning'
  readonly at: number
  readonly message: string
}

/** Never throws. */
export function checkPolicies(cedar: Cedar, text: string, language: Language): Checked {
  const found: Found[] = []
  const say = (code: ProblemCode, detail = '') => problemWords(language, code, detail)
  if (text.length > limits.policySetCharsMax) {
    found.push({ severity: 'error', at: 0, message: say('set-too-long', String(limits.policySetCharsMax)) })
    return { problems: placed(text, found), policies: [], pieces: [] }
  }
  const pieces = splitPolicies(text)
  if (pieces.length > limits.policiesMax) {
    found.push({ severity: 'error', at: 0, message: say('set-too-many', String(limits.policiesMax)) })
    return { problems: placed(text, found), policies: [], pieces: [] }
  }
  const heard = (message: string) => cedarWords(language, message)
  const read = pieces.flatMap(piece => readPiece(cedar, piece, say, heard, found))
  for (const { piece, policy } of read) {
    for (const problem of policy?.problems ?? []) found.push(ofAnnotation(piece, problem, say))
  }
  found.push(...duplicates(read, say))
  const findings = read.length === 0 ? [] : cedar.validate(read.map(({ piece }) => piece.text))
  found.push(...findings.map(finding => ofFinding(read, { ...finding, message: heard(finding.message) })))
  const policyOf = new Map(read.map(({ piece, policy }) => [piece, policy]))
  return {
    problems: placed(text, found),
    policies: read.flatMap(({ policy }) => policy ?? []),
    pieces: pieces.map(piece => ({ piece, policy: policyOf.get(piece) })),
  }
}

/** Whether Cedar might run out of stack on it. */
export function isTooComplex({ text, depth, operators }: Piece): boolean {
  return (
    text.length > limits.policyCharsMax ||
    depth > limits.policyDepthMax ||
    operators > limits.policyOperatorsMax
  )
}

type Say = (code: ProblemCode, detail?: string) => string

/** @returns nothing if Cedar cannot read it */
function readPiece(
  cedar: Cedar,
  piece: Piece,
  say: Say,
  heard: (message: string) => string,
  found: Found[],
): readonly CheckedPiece[] {
  const error = (at: number, message: string) => found.push({ severity: 'error', at, message })
  if (isTooComplex(piece)) {
    error(piece.head, say('policy-too-long'))
    return []
  }
  const parsed = cedar.parse(piece.text)
  if (parsed.kind === 'wrong') {
    for (const { message, start } of parsed.errors) {
      error(start === undefined ? piece.head : piece.start + indexOfByte(piece.text, start), heard(message))
    }
    return []
  }
  try {
    return [{ piece, policy: compilePolicy(parsed.json) }]
  } catch (cause) {
    error(piece.head, say('not-compilable', cause instanceof NotCompilable ? cause.message : ''))
    return [{ piece, policy: undefined }]
  }
}

function ofAnnotation(piece: Piece, problem: AnnotationProblem, say: Say): Found {
  const at = problem.annotation === undefined ? undefined : piece.annotations.get(problem.annotation)
  return { severity: 'error', at: at ?? piece.head, message: say(problem.code, problem.detail) }
}

function duplicates(read: readonly CheckedPiece[], say: Say): readonly Found[] {
  const names = new Set<string>()
  return read.flatMap(({ piece, policy }) => {
    if (policy === undefined || policy.name === '') return []
    if (!names.has(policy.name)) {
      names.add(policy.name)
      return []
    }
    const at = piece.annotations.get('id') ?? piece.head
    return [{ severity: 'error', at, message: say('id-taken', policy.name) } as const]
  })
}

function ofFinding(read: readonly CheckedPiece[], { severity, index, start, message }: CedarFinding): Found {
  const piece = read[index]?.piece
  if (piece === undefined) return { severity, at: 0, message }
  const within = indexOfByte(piece.text, start ?? 0)
  return { severity, at: Math.max(piece.head, piece.start + within), message }
}

const isError = ({ severity }: Found) => severity === 'error'

/** In the order of the text; Cedar says the same thing once for every action. */
function placed(text: string, found: readonly Found[]): readonly PolicyProblem[] {
  const said = new Set<string>()
  const distinct = found.filter(
    ({ at, message }) => !said.has(`${at} ${message}`) && said.add(`${at} ${message}`),
  )
  // Of too many, no warning may take the place of an error.
  return [...distinct.filter(isError), ...distinct.filter(problem => !isError(problem))]
    .slice(0, limits.policyProblemsMax)
    .toSorted((a, b) => a.at - b.at)
    .map(({ severity, at, message }) => ({ severity, message, ...positionAt(text, at) }))
}
