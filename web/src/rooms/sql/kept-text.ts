// The text of the editor, kept in this browser, one for each target.

const keyOf = (targetId: string) => `sekisho.sql.${targetId}`

export function keptText(targetId: string): string {
  return localStorage.getItem(keyOf(targetId)) ?? ''
}

export function keepText(targetId: string, text: string): void {
  try {
    if (text === '') localStorage.removeItem(keyOf(targetId))
    else localStorage.setItem(keyOf(targetId), text)
  } catch {
    // The browser's storage is full or switched off: the text lives as long as the page.
  }
}
