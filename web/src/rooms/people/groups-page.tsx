// Not there yet.

export function GroupsPage() {
  return null
}
