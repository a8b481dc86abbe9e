// The question whether a device may come in: what it says it is, and two answers.

import { Alert, Button, Group, Stack } from '@mantine/core'
import { useWords } from '../../parts/words.ts'
import { Problem } from '../../parts/page.tsx'
import { useMe } from '../../shell/me.ts'

export function DeviceQuestion(props: {
  readonly name: string
  readonly system: string
  /** Missing if it is this computer. */
  readonly address: string | undefined
  readonly busy: boolean
  readonly error: unknown
  readonly onAnswer: (allow: boolean) => void
}) {
  const { t } = useWords()
  const me = useMe()
  const facts = [
    [t('devices.name'), props.name],
    [t('devices.system'), props.system],
    ...(props.address === undefined ? [] : [[t('devices.address'), props.address]]),
    [t('devices.yours'), me.user.name],
  ]
  return (
    <Stack gap="md">
      <table className="list-table">
        <tbody>
          {facts.map(([label, value]) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Alert color="yellow" variant="light">
        {t('devices.allowWarning')}
      </Alert>
      <Problem error={props.error} />
      <Group>
        <Button loading={props.busy} onClick={() => props.onAnswer(true)}>
          {t('devices.allow')}
        </Button>
        <Button variant="default" disabled={props.busy} onClick={() => props.onAnswer(false)}>
          {t('devices.refuse')}
        </Button>
      </Group>
    </Stack>
  )
}
