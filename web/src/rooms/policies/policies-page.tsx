// Not there yet.

export function PoliciesPage() {
  return null
}
