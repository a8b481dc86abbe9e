// The statement that shows the first rows of a table.

const previewRows = 100

/** @param path  the table's name as SQL wants it */
export function previewOf(path: string): string {
  return `select * from ${path} limit ${previewRows};`
}
