// Doors on this computer, one for each target, at ports that stay the same.

import { createHash } from 'node:crypto'
import { createServer, type Server, type Socket } from 'node:net'
import type { Link, Target } from './link.ts'
import type { Profile, Profiles } from './profile.ts'
import { tellClient } from './tell-client.ts'

export interface LocalPort {
  readonly target: Target
  readonly port: number
  /** Accepts nobody any more and cuts who is there. */
  close(): void
}

const portFirst = 41_000
const portCount = 4_000
const triesMax = 50

/** Where a target is found on this computer if nothing else is there: the same on every computer. */
export const usualPort = (targetId: string): number =>
  portFirst + (createHash('sha256').update(targetId).digest().readUInt32BE(0) % portCount)

/**
 * @param wanted    a port that must be had; 0: any; `undefined`: the usual one, or one near it, which is kept then
 * @param problem   hears what went wrong with one connection
 * @throws Error    the port cannot be had
 */
export async function openLocalPort(
  link: Link,
  profiles: Profiles,
  target: Target,
  wanted: number | undefined,
  problem: (error: unknown) => void,
): Promise<LocalPort> {
  const open = new Set<Socket>()
  const server = createServer({ noDelay: true, keepAlive: true }, client => {
    open.add(client)
    client.once('close', () => open.delete(client))
    client.on('error', () => undefined)
    carry(link, target, client).catch(problem)
  })
  const port =
    wanted === undefined ? await listenNear(server, link, profiles, target) : await listen(server, wanted)
  return {
    target,
    port,
    close() {
      server.close()
      for (const client of open) client.destroy()
    },
  }
}

async function carry(link: Link, target: Target, client: Socket): Promise<void> {
  try {
    const stream = await link.connect(target.id)
    if (client.destroyed) return void stream.destroy()
    stream.on('error', () => undefined)
    // Whoever goes takes the other along, after what was already said.
    client.once('close', () => stream.destroySoon())
    stream.once('close', () => client.destroySoon())
    client.pipe(stream)
    stream.pipe(client)
  } catch (error) {
    await tellClient(client, target.protocol, error instanceof Error ? error.message : String(error))
    throw error
  }
}

async function listenNear(server: Server, link: Link, profiles: Profiles, target: Target): Promise<number> {
  const kept = link.profile().ports[target.id]
  const first = kept ?? usualPort(target.id)
  for (let step = 0; step < triesMax; step++) {
    const port = portFirst + ((first - portFirst + step) % portCount)
    try {
      const got = await listen(server, port)
      if (got !== kept) keep(profiles, link.profile(), target, got)
      return got
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
      if (kept !== undefined && step === 0) continue
    }
  }
  throw new Error(`No port of this computer is free for ${target.name}; choose one: --port`)
}

function keep(profiles: Profiles, profile: Profile, target: Target, port: number): void {
  const kept = profiles.find(profile.name) ?? profile
  profiles.write({ ...kept, ports: { ...kept.ports, [target.id]: port } })
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      reject(
        (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
          ? Object.assign(new Error(`Port ${port} of this computer is in use; choose another: --port`), {
              code: 'EADDRINUSE',
            })
          : error,
      )
    }
    server.once('error', fail)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', fail)
      const place = server.address()
      resolve(typeof place === 'object' && place !== null ? place.port : port)
    })
  })
}
