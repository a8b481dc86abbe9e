export const harmless: readonly { name: string; text: string }[] = []
