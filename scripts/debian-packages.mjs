// The Debian packages that the tests need: real servers, real clients and a browser. Installs what is missing.

import { spawnSync } from 'node:child_process'
import { quietly, succeed } from './run.mjs'
import { step } from './say.mjs'

const wanted = [
  'postgresql',
  'postgresql-contrib',
  'mariadb-server',
  'mariadb-test-data',
  'libmariadb-java',
  'python3-pymysql',
  'php-cli',
  'php-mysql',
  'sysbench',
  'openssh-server',
  'openssh-client',
  'haproxy',
  'pgbouncer',
  'python3-psycopg2',
  'libpostgresql-jdbc-java',
  'default-jdk-headless',
  'chromium',
  'fonts-dejavu-core',
  'fonts-noto-cjk',
]

/** Packages that do as well as the one wanted. */
const instead = {
  'default-jdk-headless': ['openjdk-17-jdk-headless', 'openjdk-21-jdk-headless', 'openjdk-25-jdk-headless'],
}

function missing() {
  const asked = spawnSync(
    'dpkg-query',
    ['-W', '-f=${Package} ${db:Status-Status}\n', ...wanted, ...Object.values(instead).flat()],
    { encoding: 'utf8' },
  )
  if (asked.error !== undefined) return wanted
  const there = new Set(
    asked.stdout
      .split('\n')
      .filter(line => line.endsWith(' installed'))
      .map(line => line.slice(0, line.indexOf(' '))),
  )
  return wanted.filter(name => ![name, ...(instead[name] ?? [])].some(one => there.has(one)))
}

/** The words before `apt-get` that make it run as root, or undefined if we cannot. */
function asRoot() {
  if (spawnSync('apt-get', ['--version']).error !== undefined) return undefined
  if (process.getuid?.() === 0) return []
  return spawnSync('sudo', ['-n', 'true']).status === 0 ? ['sudo', '-n'] : undefined
}

export async function ensureDebianPackages() {
  const names = missing()
  if (names.length === 0) return
  const prefix = asRoot()
  if (prefix === undefined) {
    throw new Error(
      `The tests need these Debian packages, and installing them takes root or sudo without a password:\n\n` +
        `  apt-get install --no-install-recommends ${names.join(' ')}\n\n` +
        'Install them, or whatever your system calls them, and run npm test again.',
    )
  }
  const aptGet = (...args) => {
    const line = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-y', '-q', ...args]
    return [line[0], line.slice(1)]
  }
  await step(`Installing Debian packages: ${names.join(' ')}`, async () => {
    const install = aptGet('install', '--no-install-recommends', ...names)
    // The package lists may be missing or old; taking them anew is only worth it then.
    if ((await quietly(...install)).code === 0) return
    await succeed(...aptGet('update'))
    await succeed(...install)
  })
}
