// The key that commands are held with.

/** `⌘` on Apple's keyboards, `Ctrl` elsewhere. */
export const commandKey = /mac|iphone|ipad/i.test(navigator.userAgent) ? '⌘' : 'Ctrl'
