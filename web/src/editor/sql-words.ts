// Words and functions that completion offers, by dialect.

import type { TargetProtocol } from '../../../src/console/contract.ts'

const keywords = (
  'select from where group by having order limit offset join left right inner outer full cross on using as and or not in exists ' +
  'between like is null distinct union all intersect except insert into values update set delete create table view index drop ' +
  'alter add column primary key foreign references unique default check case when then else end with recursive over partition ' +
  'window rows range asc desc nulls first last begin commit rollback savepoint explain analyze true false cast interval truncate'
).split(' ')

const common = (
  'count sum avg min max coalesce nullif lower upper trim ltrim rtrim length substring replace concat round floor ceil abs mod ' +
  'power sqrt greatest least now current_date current_timestamp extract cast row_number rank dense_rank lag lead first_value ' +
  'last_value ntile'
).split(' ')

const own: Readonly<Record<TargetProtocol, { readonly keywords: string; readonly functions: string }>> = {
  postgres: {
    keywords:
      'returning ilike similar materialized lateral only conflict do nothing filter within grouping sets rollup cube array',
    functions:
      'string_agg array_agg json_agg jsonb_agg jsonb_build_object json_build_object to_char to_date to_timestamp date_trunc ' +
      'date_part age generate_series unnest array_length split_part regexp_replace regexp_matches position left right lpad rpad ' +
      'initcap md5 random percentile_cont percentile_disc bool_and bool_or jsonb_array_elements jsonb_object_keys gen_random_uuid',
  },
  mysql: {
    keywords:
      'show databases tables columns describe use straight_join regexp rlike div ignore duplicate key_block_size replace',
    functions:
      'group_concat ifnull if date_format str_to_date date_add date_sub datediff timestampdiff curdate curtime unix_timestamp ' +
      'from_unixtime concat_ws find_in_set field instr locate left right lpad rpad format json_extract json_unquote json_object ' +
      'json_arrayagg json_contains rand uuid md5 sha2 hex unhex year month day hour minute dayofweek last_insert_id',
  },
}

export function keywordsOf(protocol: TargetProtocol): readonly string[] {
  return [...keywords, ...own[protocol].keywords.split(' ')]
}

export function functionsOf(protocol: TargetProtocol): readonly string[] {
  return [...common, ...own[protocol].functions.split(' ')]
}
