// Rows of the demo shop, always the same ones.

import { createDice, type Dice } from './dice.ts'
import { rollAddress, rollCard, rollEmail, rollPerson, rollPhone } from './people.ts'

export type Cell = string | number | boolean | undefined
export type Row = readonly Cell[]

export interface ShopRows {
  readonly customers: readonly Row[]
  readonly products: readonly Row[]
  readonly orders: readonly Row[]
  readonly order_items: readonly Row[]
  readonly employees: readonly Row[]
}

export const shopCounts = { customers: 5_000, products: 200, orders: 50_000, employees: 60 } as const

const dayMs = 24 * 60 * 60 * 1000
/** The day on which the shop's data ends. */
const lastDayMs = Date.UTC(2026, 8, 30)

const goods = {
  Tea: 'Sencha,Gyokuro,Genmaicha,Hojicha,Matcha,Earl Grey,Assam,Oolong',
  Coffee: 'House Blend,Espresso,Decaf,Kenya AA,Colombia,Cold Brew',
  Tableware: 'Teapot,Cup,Mug,Bowl,Plate,Chopsticks,Tray',
  Kitchen: 'Kettle,Grinder,Scale,Filter,Whisk,Knife',
  Sweets: 'Yokan,Daifuku,Shortbread,Castella,Fudge,Senbei',
  Books: 'Tea at Home,Coffee Atlas,Wagashi,Slow Kitchen',
} as const
const finishes = 'Classic,Organic,Large,Small,Gift Box,Limited,Travel'.split(',')
const statuses = [
  'paid',
  'paid',
  'shipped',
  'delivered',
  'delivered',
  'delivered',
  'returned',
  'cancelled',
] as const
const notes = [
  'Leave with the neighbour',
  'Gift, no invoice in the parcel',
  'Ring twice',
  '午前中に配達してください',
  '置き配でお願いします',
] as const
const departments = {
  Management: 'Director',
  Sales: 'Sales Representative',
  Support: 'Support Agent',
  Warehouse: 'Picker',
  Engineering: 'Engineer',
  Finance: 'Accountant',
} as const

export function rollShop(): ShopRows {
  const products = rollProducts(createDice(2))
  const { orders, items } = rollOrders(createDice(3), products)
  return {
    customers: rollCustomers(createDice(1)),
    products,
    orders,
    order_items: items,
    employees: rollEmployees(createDice(4)),
  }
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
const timeOf = (ms: number): string => new Date(ms).toISOString()
const money = (cents: number): string => (cents / 100).toFixed(2)

function rollCustomers(dice: Dice): readonly Row[] {
  return Array.from({ length: shopCounts.customers }, (_, index) => {
    const id = index + 1
    const person = rollPerson(dice)
    const bornMs = Date.UTC(dice.between(1946, 2007), dice.between(0, 11), dice.between(1, 28))
    const joinedMs = lastDayMs - dice.between(400, 2_400) * dayMs + dice.between(0, dayMs - 1)
    return [
      id,
      person.name,
      person.kana,
      rollEmail(dice, person, id),
      rollPhone(dice, person),
      rollCard(dice),
      rollAddress(dice, person),
      dayOf(bornMs),
      person.country,
      dice.once(3),
      timeOf(joinedMs),
    ]
  })
}

function rollProducts(dice: Dice): readonly Row[] {
  const kinds = Object.entries(goods).flatMap(([category, names]) =>
    names.split(',').flatMap(name => finishes.map(finish => ({ category, name: `${name}, ${finish}` }))),
  )
  return Array.from({ length: shopCounts.products }, (_, index) => {
    // A step that has no divisor in common with the number of kinds visits each of them once.
    const kind = kinds[(index * 101) % kinds.length]
    const sku = `${(kind?.category ?? '').slice(0, 3).toUpperCase()}-${String(index + 1).padStart(4, '0')}`
    return [
      index + 1,
      sku,
      kind?.name,
      kind?.category,
      money(dice.between(350, 12_000)),
      dice.between(0, 400),
    ]
  })
}

function rollOrders(dice: Dice, products: readonly Row[]) {
  const cents = products.map(row => Math.round(Number(row[4]) * 100))
  const orders: Row[] = []
  const items: Row[] = []
  for (let id = 1; id <= shopCounts.orders; id += 1) {
    // A third of the orders come from a tenth of the customers.
    const customer = dice.once(3)
      ? dice.between(1, shopCounts.customers / 10)
      : dice.between(1, shopCounts.customers)
    const atMs = lastDayMs - Math.floor(((shopCounts.orders - id) * 365 * dayMs) / shopCounts.orders)
    let total = 0
    const lines = dice.between(1, 3)
    for (let line = 1; line <= lines; line += 1) {
      const product = dice.between(1, products.length)
      const quantity = dice.between(1, 4)
      const price = cents[product - 1] ?? 0
      total += price * quantity
      items.push([id, line, product, quantity, money(price)])
    }
    const note = dice.once(20) ? dice.pick(notes) : undefined
    orders.push([id, customer, timeOf(atMs), dice.pick(statuses), money(total), note])
  }
  return { orders, items }
}

function rollEmployees(dice: Dice): readonly Row[] {
  const names = Object.keys(departments) as (keyof typeof departments)[]
  return Array.from({ length: shopCounts.employees }, (_, index) => {
    const id = index + 1
    const person = rollPerson(dice)
    // The first is the director, the next five lead a department each, everybody else works in one.
    const department = index < names.length ? (names[index] ?? 'Sales') : dice.pick(names.slice(1))
    const leads = index > 0 && index < names.length
    const manager = index === 0 ? undefined : leads ? 1 : names.indexOf(department) + 1
    const title = index === 0 ? 'Director' : leads ? `Head of ${department}` : departments[department]
    const salary =
      index === 0 ? 16_800_000 : leads ? dice.between(92, 120) * 100_000 : dice.between(34, 78) * 100_000
    return [
      id,
      person.name,
      `${person.latin}.${id}@shop.example`,
      rollPhone(dice, person),
      title,
      department,
      manager,
      salary,
      dayOf(Date.UTC(dice.between(1964, 2003), dice.between(0, 11), dice.between(1, 28))),
      dayOf(lastDayMs - dice.between(60, 4_000) * dayMs),
    ]
  })
}
