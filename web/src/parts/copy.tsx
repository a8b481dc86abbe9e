// Things to copy: a button, a line of code with one, and a secret that is shown only once.

import { ActionIcon, Alert, Button, CopyButton, Stack, Tooltip } from '@mantine/core'
import IconCheck from '@tabler/icons-react/dist/esm/icons/IconCheck.mjs'
import IconCopy from '@tabler/icons-react/dist/esm/icons/IconCopy.mjs'
import IconEyeOff from '@tabler/icons-react/dist/esm/icons/IconEyeOff.mjs'
import { useWords } from './words.ts'

export function CopyIcon({ value, label }: { readonly value: string; readonly label: string }) {
  const { t } = useWords()
  return (
    <CopyButton value={value} timeout={1500}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? t('common.copied') : t('common.copy')}>
          <ActionIcon
            variant="subtle"
            color={copied ? 'teal' : 'gray'}
            onClick={copy}
            aria-label={`${t('common.copy')}: ${label}`}
          >
            {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  )
}

export function CopyText({ value, children }: { readonly value: string; readonly children: string }) {
  const { t } = useWords()
  return (
    <CopyButton value={value} timeout={1500}>
      {({ copied, copy }) => (
        <Button
          variant="default"
          size="xs"
          onClick={copy}
          leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
        >
          {copied ? t('common.copied') : children}
        </Button>
      )}
    </CopyButton>
  )
}

export function CodeLine({ value, label }: { readonly value: string; readonly label: string }) {
  return (
    <div className="code-line">
      <code>{value}</code>
      <CopyIcon value={value} label={label} />
    </div>
  )
}

export function SecretOnce({ value, label }: { readonly value: string; readonly label: string }) {
  const { t } = useWords()
  return (
    <Stack gap="xs">
      <CodeLine value={value} label={label} />
      <Alert color="yellow" variant="light" icon={<IconEyeOff size={18} />} py="xs">
        {t('common.shownOnce')}
      </Alert>
    </Stack>
  )
}
