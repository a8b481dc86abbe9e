// MySQL and MariaDB.

import type { Protocol } from '../protocol.ts'

export const mysql: Protocol = {
  name: 'mysql',
  serve(client) {
    client.destroy()
    return Promise.resolve()
  },
  tryTarget: () => Promise.resolve({ kind: 'failed', message: 'MySQL is not spoken yet.' }),
}
