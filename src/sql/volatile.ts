import { everyOf, wordsOf } from './tree.js';

/** Functions of PostgreSQL that give the same answer during a statement. What is not here counts as volatile: one's own may be. */
export const steadyFunctions = new Set(('now transaction_timestamp statement_timestamp timezone date_trunc date_part date_bin extract age to_timestamp to_date to_char to_number '
  + 'make_date make_time make_timestamp make_timestamptz make_interval justify_days justify_hours justify_interval '
  + 'lower upper initcap length char_length character_length octet_length bit_length concat concat_ws format left right lpad rpad ltrim rtrim btrim trim repeat replace '
  + 'reverse split_part strpos position substr substring translate regexp_replace regexp_match regexp_matches regexp_split_to_array regexp_count regexp_substr regexp_like '
  + 'starts_with string_to_array array_to_string overlay ascii chr quote_ident quote_literal quote_nullable normalize unistr to_hex '
  + 'md5 sha224 sha256 sha384 sha512 encode decode convert convert_from convert_to hashtext hashtextextended digest uuid_generate_v3 uuid_generate_v5 '
  + 'abs ceil ceiling floor round trunc sign sqrt cbrt power exp ln log log10 mod div gcd lcm factorial greatest least width_bucket scale trim_scale numeric '
  + 'json_build_object json_build_array jsonb_build_object jsonb_build_array to_json to_jsonb row_to_json json_object jsonb_object jsonb_set jsonb_insert '
  + 'jsonb_strip_nulls json_strip_nulls jsonb_extract_path jsonb_extract_path_text json_extract_path json_extract_path_text jsonb_typeof json_typeof '
  + 'jsonb_array_length json_array_length jsonb_path_query_first jsonb_path_exists jsonb_pretty '
  + 'array_append array_prepend array_cat array_length array_ndims array_position array_positions array_remove array_replace array_upper array_lower cardinality array_fill '
  + 'current_setting current_database current_schema current_user session_user version inet_client_addr host text set_masklen masklen network broadcast abbrev family '
  + 'to_tsvector to_tsquery plainto_tsquery setweight strip unaccent tsvector_to_array num_nulls num_nonnulls '
  + 'int4range int8range numrange tsrange tstzrange daterange isempty like_escape notlike similar_to_escape unnest bool int2 int4 int8 float4 float8 date time timestamptz '
  + 'isfinite overlaps row_number point box circle polygon lseg path xmlcomment pg_typeof coalesce nullif').split(' '));

/** Functions that an expression calls and that may answer anew for each row. */
export const volatileFunctions = (expression: unknown): string[] =>
  everyOf('FuncCall', expression).map(({ funcname }) => wordsOf(funcname)).filter((words) => !isSteady(words)).map((words) => words.join('.'));

const isSteady = (words: string[]): boolean =>
  (words.length === 1 || (words.length === 2 && words[0] === 'pg_catalog')) && steadyFunctions.has(words.at(-1) ?? '');

export const isVolatile = (expression: unknown): boolean => volatileFunctions(expression).length > 0;
