// Words in English: groups.

export const groups = {
  title: 'Groups',
  lead: 'Policies give rights to groups; people come and go.',
  add: 'Add a group',
  search: 'Search groups',
  members: 'Members',
  membersCount_one: '{{count}} member',
  membersCount_other: '{{count}} members',
  empty: 'No groups yet',
  emptyHint: 'Make a group for people who do the same work, such as “analysts”, and name it in a policy.',
  edit: 'Edit {{name}}',
  deleteTitle: 'Delete {{name}}?',
  deleteText: 'Its members lose what policies give to this group.',
  name: 'Group name',
  pickMembers: 'Choose people',
}
