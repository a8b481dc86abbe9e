// Not there yet.

export function UsersPage() {
  return null
}
