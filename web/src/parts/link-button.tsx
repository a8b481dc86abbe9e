// A button that leads to another page: a real link, so that it can be opened in a new tab.

import { Button, type ButtonProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { AnchorHTMLAttributes, Ref } from 'react'

type AnchorProps = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof ButtonProps>

function Anchor(props: AnchorProps & ButtonProps & { readonly ref?: Ref<HTMLAnchorElement> }) {
  return <Button component="a" {...props} />
}

export const LinkButton = createLink(Anchor)
