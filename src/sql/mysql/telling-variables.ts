// Reading a variable that follows from what was really changed, as where the log of changes ends.

import { unsafe } from './refusal.ts'
import type { Survey } from './survey-facts.ts'
import { tellingVariables } from './system-relations.ts'

/** @throws Refusal */
export function refuseTellingVariables(survey: Survey): void {
  const variable = survey.systemVariables.find(({ parts }) =>
    tellingVariables.has(parts.at(-1)?.text.toLowerCase() ?? ''),
  )
  if (variable) {
    throw unsafe(
      `@@${variable.parts.at(-1)?.text ?? ''} would tell whether something that is hidden from you was changed. Leave it out.`,
      variable.start,
    )
  }
}
