// What of the audit is somebody's own: entries under their name, since there is such a person. Names are given again.

import type { User } from '../../core/user.ts'

/** @returns 0 if their id tells no time */
export function ownSinceMs({ id }: Pick<User, 'id'>): number {
  const time = /^([0-9a-f]{8})-([0-9a-f]{4})-7/.exec(id)
  return time === null ? 0 : Number.parseInt(`${time[1]}${time[2]}`, 16)
}

export const isOwn = (
  user: Pick<User, 'id' | 'name'>,
  entry: { readonly userName: string | undefined; readonly atMs: number },
): boolean => entry.userName === user.name && entry.atMs >= ownSinceMs(user)
