// `sekisho login | logout | status | config`: who this device is, and where.

import { spawn } from 'node:child_process'
import { hostname, release, type } from 'node:os'
import { createInterface } from 'node:readline/promises'
import { defineCommand } from 'citty'
import type { TunnelPlace } from '../../console/devices/device-contract.ts'
import { answer, jsonArg, openLink, orSay, profileArg, version, wordLeft } from './command-line.ts'
import { createConsoleClient, parseConsole, readCa } from './console-client.ts'
import { createLink } from './link.ts'
import { checkPass, pinnable } from './pinned.ts'
import { printable } from './printable.ts'
import { openProfiles, type Profile } from './profile.ts'
import { type Papers, signInByBrowser, signInByCode } from './sign-in.ts'

export const login = defineCommand({
  meta: { name: 'login', description: 'Let this device in at a server, with your browser' },
  args: {
    console: {
      type: 'positional',
      required: false,
      description: 'Address of the console: https://sekisho.example.com; that of the profile if not given',
    },
    profile: profileArg,
    name: { type: 'string', description: 'What the console calls this device; its host name if not given' },
    browser: {
      type: 'boolean',
      default: true,
      description: 'Open the browser (--no-browser: show a code to type in any browser)',
    },
    fingerprint: {
      type: 'string',
      description: 'SHA256:… that the server must show, known from elsewhere; then nothing is asked',
    },
    ca: { type: 'string', description: 'PEM file of a certificate that the console may come from' },
    json: jsonArg,
  },
  run: ({ args }) =>
    orSay(args.json, async () => {
      const profiles = openProfiles(process.env)
      const named = args.profile ?? profiles.current() ?? 'default'
      const before = profiles.find(named)
      const address = args.console ?? before?.console
      if (address === undefined) throw new Error('Which server? sekisho login https://sekisho.example.com')
      const url = parseConsole(address)
      const ca = args.ca === undefined ? before?.consoleCa : readCa(args.ca)
      const console = createConsoleClient(url, ca, process.env)
      const place = pinnable(await console.call('GET /api/device/tunnel'))
      const tell = (text: string): void => void process.stderr.write(`${printable(text)}\n`)
      await confirm(place, before, args.fingerprint, tell)
      const ask = { console, name: args.name ?? hostname(), system: `${type()} ${release()}`, tell }
      const papers = await (args.browser && hasBrowser()
        ? signInByBrowser(ask, openBrowser)
        : signInByCode(ask))
      checkPass(papers.pass, papers.key, place.authority)
      // The papers from before are of no use any more; that they cannot be given back is no reason to fail.
      if (before !== undefined)
        await createLink(profiles, before, process.env, version)
          .leave()
          .catch(() => undefined)
      const profile = profileOf(named, url, ca, place, papers, ask.name, before)
      profiles.write(profile)
      profiles.use(named)
      const { userName, device } = profile
      answer(
        args.json,
        { profile: named, user: userName, device: device.name, signedInUntilMs: device.signedInUntilMs },
        `Signed in at ${url} as ${userName}, for ${wordLeft(device.signedInUntilMs, Date.now())}. See your targets: sekisho ls`,
      )
    }),
})

function profileOf(
  name: string,
  url: string,
  ca: string | undefined,
  place: TunnelPlace,
  { pass, key }: Papers,
  deviceName: string,
  before: Profile | undefined,
): Profile {
  const { port, authority, fingerprint } = place
  // A server that knows no other name for itself is where its console is.
  const host = /^(localhost|127\.0\.0\.1)$/.test(place.host) ? new URL(url).hostname : place.host
  return {
    name,
    console: url,
    consoleCa: ca,
    tunnel: { host: host.replace(/^\[|\]$/g, ''), port },
    authority,
    fingerprint,
    userName: pass.userName,
    device: {
      id: pass.deviceId,
      name: deviceName,
      key,
      certificate: pass.certificate,
      expiresAtMs: pass.expiresAtMs,
      signedInUntilMs: pass.signedInUntilMs,
    },
    ports: before?.ports ?? {},
  }
}

/** The server that is trusted from now on: what it shows is compared by a person, or with what is known from elsewhere. */
async function confirm(
  place: TunnelPlace,
  before: Profile | undefined,
  known: string | undefined,
  tell: (text: string) => void,
): Promise<void> {
  const { fingerprint } = place
  if (known !== undefined && known !== fingerprint)
    throw new Error(`The server shows ${fingerprint}, not ${known}. Nothing was done; ask an administrator.`)
  if (known !== undefined || before?.fingerprint === fingerprint) return
  if (before !== undefined)
    tell(`This server is not the one from before, which showed ${before.fingerprint}.`)
  tell(`The server shows this fingerprint; the console shows it too, under "My devices":\n  ${fingerprint}`)
  if (!process.stdin.isTTY)
    throw new Error('Nobody is there to confirm it: give it with --fingerprint once it was compared.')
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const said = await lines.question('Is it the same? [y/N] ').finally(() => lines.close())
  if (!/^y(es)?$/i.test(said.trim())) throw new Error('Not confirmed; nothing was done.')
}

const hasBrowser = (): boolean => {
  const { BROWSER, DISPLAY, WAYLAND_DISPLAY } = process.env
  return process.platform !== 'linux' || Boolean(BROWSER || DISPLAY || WAYLAND_DISPLAY)
}

function openBrowser(url: string): void {
  const { BROWSER } = process.env
  const [command = 'xdg-open', ...args] = BROWSER
    ? [BROWSER]
    : process.platform === 'darwin'
      ? ['open']
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler']
        : ['xdg-open']
  // If it cannot be opened, the address stands on the terminal.
  spawn(command, [...args, url], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref()
}

export const logout = defineCommand({
  meta: { name: 'logout', description: 'Sign this device out and forget its key' },
  args: { profile: profileArg, json: jsonArg },
  run: ({ args }) =>
    orSay(args.json, async () => {
      const { profiles, profile, link } = openLink(args.profile)
      const told = await link.leave().then(
        () => true,
        () => false,
      )
      profiles.remove(profile.name)
      const text = told
        ? `Signed out at ${profile.console}.`
        : `This device has forgotten its key, but the server could not be told: revoke it in the console, under "My devices".`
      answer(args.json, { profile: profile.name, told }, text, told ? 0 : 1)
    }),
})

export const status = defineCommand({
  meta: { name: 'status', description: 'Who this device is, and whether its server can be reached' },
  args: { profile: profileArg, json: jsonArg },
  run: ({ args }) =>
    orSay(args.json, async () => {
      const { link } = openLink(args.profile)
      const startedMs = performance.now()
      const hello = await link.hello()
      const ms = Math.round(performance.now() - startedMs)
      const { name, console: url, tunnel, device } = link.profile()
      const nowMs = Date.now()
      const value = {
        profile: name,
        console: url,
        tunnel,
        user: hello.user,
        device: hello.device,
        server: hello.server,
        agent: version,
        signedInUntilMs: hello.signedInUntilMs,
        certificateUntilMs: device.expiresAtMs,
        answeredInMs: ms,
      }
      const lines = [
        `Profile      ${name}`,
        `Console      ${url}`,
        `Tunnel       ${tunnel.host}:${tunnel.port}, answered in ${ms} ms`,
        `User         ${hello.user}`,
        `Device       ${hello.device}`,
        `Signed in    for ${wordLeft(hello.signedInUntilMs, nowMs)}`,
        `Certificate  for ${wordLeft(device.expiresAtMs, nowMs)}, renewed by itself`,
        `Versions     agent ${version}, server ${hello.server}`,
      ]
      answer(args.json, value, lines.join('\n'))
    }),
})

export const config = defineCommand({
  meta: { name: 'config', description: 'Profiles of this device, and which one is meant' },
  args: {
    use: { type: 'string', description: 'Make this profile the current one' },
    json: jsonArg,
  },
  run: ({ args }) =>
    orSay(args.json, () => {
      const profiles = openProfiles(process.env)
      if (args.use !== undefined) profiles.use(args.use)
      const current = profiles.current()
      const rows = profiles.list().flatMap(name => profiles.find(name) ?? [])
      const value = {
        folder: profiles.folder,
        current,
        profiles: rows.map(({ name, console: url, userName, fingerprint }) => {
          return { name, console: url, user: userName, fingerprint }
        }),
      }
      const lines = rows.map(
        row => `${row.name === current ? '*' : ' '} ${row.name}  ${row.console}  ${row.userName}`,
      )
      answer(args.json, value, [`Kept in ${profiles.folder}`, ...lines].join('\n'))
      return Promise.resolve()
    }),
})
