// Runs a session of harmless statements in one world and tells what of it did not go as it must.

import type { Executor } from './executor.ts'
import type { HarmlessSession } from './harmless.ts'
import type { Sent } from './wire.ts'

/** @returns one line for every statement that was refused, failed, or was changed although it names nothing hidden */
export async function checkHarmless(
  executor: Executor,
  session: HarmlessSession,
): Promise<readonly string[]> {
  const problems: string[] = []
  const opened = await executor.open('A')
  try {
    for (const sent of session.statements) {
      const heard = await opened.ask(sent)
      const text = `${executor.name}: ${excerpt(sent)}`
      if (heard.refused) problems.push(`${text} => ${heard.bytes.toString()}`)
      else if (heard.failed !== undefined) problems.push(`${text} => failed with ${heard.failed}`)
      else if (session.kind === 'untouched' && heard.untouched === false) problems.push(`${text} => changed`)
    }
  } finally {
    await opened.close()
  }
  return problems
}

function excerpt(sent: Sent): string {
  const text = typeof sent === 'string' ? sent : 'text' in sent ? sent.text : 'messages'
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > 300 ? `${line.slice(0, 300)}…` : line
}
