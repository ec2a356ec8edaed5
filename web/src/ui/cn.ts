import { type ClassValue, clsx } from 'clsx'
import { extendTailwindMerge } from 'tailwind-merge'

// Our sizes are not Tailwind's: without their names a text size would be taken for a colour.
const merge = extendTailwindMerge({
  extend: {
    classGroups: {
      'font-size': [{ text: ['micro', 'meta', 'compact', 'body', 'panel', 'page'] }],
      rounded: [{ rounded: ['chip', 'control', 'input', 'panel', 'bubble', 'full'] }],
      shadow: [{ shadow: ['edge', 'float'] }],
    },
  },
})

/** Joins class names; of two that set the same property the later one stays. */
export function cn(...classes: ClassValue[]): string {
  return merge(clsx(classes))
}
