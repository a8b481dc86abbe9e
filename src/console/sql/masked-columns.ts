// Which columns of a result are made of values that are hidden: as the gate knows it, and rather one too many.

import type { MaskShape, Sight } from '../../core/verdict.ts'
import type { VisitNews } from '../../gate/gate.ts'
import type { OutputMask } from '../../sql/dialect.ts'

type Judgement = Extract<VisitNews, { readonly kind: 'judged' }>

/** Statements that give rows of which their text says nothing. */
const tellsNothing = /^(?:CALL|EXECUTE|FETCH)/

/**
 * @param declared  hidden columns of the cursors and statements that the session has prepared
 * @returns by column; `undefined` if nothing is masked
 */
export function maskedColumns(
  { judged, outputs }: Judgement,
  statement: number,
  count: number,
  declared: ReadonlySet<string>,
): readonly (OutputMask | undefined)[] | undefined {
  if (judged.kind === 'stopped') return undefined
  const { statements } = judged.reading.action
  const gives = tellsNothing.test(statements[statement]?.verb ?? '')
  const hidden = gives ? [...new Set([...judged.plan.hidden, ...declared])].sort() : judged.plan.hidden
  // A routine gives as many results as it likes: from there on nothing is known by its place.
  const isKnown = !statements.slice(0, statement + 1).some(({ verb }) => tellsNothing.test(verb))
  const made = isKnown ? outputs()[statement] : undefined
  if (made !== undefined && made !== 'unknown' && made.length === count)
    return made.some(one => one !== undefined) ? made : undefined
  if (hidden.length === 0) return undefined
  const mask: OutputMask = { as: shapeOf(hidden, judged.under?.sight), columns: hidden }
  return Array.from({ length: count }, () => mask)
}

/** The shape of the first of them whose name can be told apart. */
function shapeOf(hidden: readonly string[], sight: Sight | undefined): MaskShape {
  for (const name of hidden) {
    const [schema, table, column, more] = name.split('.')
    if (schema === undefined || table === undefined || column === undefined || more !== undefined) continue
    const found = sight?.table(schema, table)?.hidden.get(column)
    if (found) return found.mask
  }
  return 'constant'
}
