-- PostGIS as far as types go: geometry and geography are stored as their text, 'SRID=4326;POINT(1 2)'.

-- PL/pgSQL takes no cstring, so a type that is laid out like one (typlen -2) stands for it. What reads values and modifiers may
-- run where no snapshot is active (in a procedure, after COMMIT): simple expressions only, no query. Whoever shows a type, a
-- superuser too, runs its modifier's output function: the search path of these is fixed.
create type geometry_input;
create function geometry_input_in(cstring) returns geometry_input
  language internal immutable strict parallel safe as 'cstring_in';
create function geometry_input_out(geometry_input) returns cstring
  language internal immutable strict parallel safe as 'cstring_out';
create type geometry_input (input = geometry_input_in, output = geometry_input_out, internallength = 1, alignment = char);
update pg_catalog.pg_type set typlen = -2 where oid operator(pg_catalog.=) 'geometry_input'::pg_catalog.regtype;

do $$
declare
  t record;
begin
  for t in select * from (values ('geometry', 0), ('geography', 4326)) as types(name, srid) loop
    execute pg_catalog.format($create$
create type %1$s;
create function %1$s_in(cstring, oid, integer) returns %1$s language internal immutable strict parallel safe as 'textin';
create function %1$s_out(%1$s) returns cstring language internal immutable strict parallel safe as 'textout';
create function %1$s_typmod_in(cstring[]) returns integer
  language internal immutable strict parallel safe as 'varbittypmodin';
create function %1$s_typmod_out(integer) returns cstring
  language internal immutable strict parallel safe as 'varbittypmodout';
create type %1$s (
  input = %1$s_in, output = %1$s_out, typmod_in = %1$s_typmod_in, typmod_out = %1$s_typmod_out, delimiter = ':',
  storage = main, alignment = double);

create function %1$s_in(geometry_input, oid, integer) returns text
language plpgsql immutable strict parallel safe set search_path = pg_catalog, pg_temp as $f$
begin
  if $1::text !~* '^\s*(srid=-?\d+;\s*)?(point|linestring|polygon|multi(point|linestring|polygon|curve|surface)|'
                  'geometrycollection|circularstring|compoundcurve|curvepolygon|polyhedralsurface|triangle|tin)\s*(z|m|zm)?\s*(\(.*\)|empty)\s*$'
     and $1::text !~ '^0[01][0-9A-Fa-f]{8,}$' then
    raise exception 'parse error - invalid geometry' using errcode = 'XX000', hint = $1::text;
  end if;
  return $1::text;
end $f$;

-- A modifier is SRID * 256 + type * 4 + 2 with Z + 1 with M. PL/pgSQL asks for it while it compiles a function, and cannot
-- compile another one meanwhile (the server crashes): these two are SQL.
create function %1$s_typmod_in(geometry_input[]) returns integer
language sql immutable strict parallel safe set search_path = pg_catalog, pg_temp as $f$
  select case when kind is null then ('Invalid geometry type modifier: ' || modifier)::int
    else coalesce(parts[4]::int, %2$s) * 256 + kind * 4 + case when parts[2] <> '' then 2 else 0 end
         + case when parts[3] <> '' then 1 else 0 end end
  from (
    select modifier, parts, array_position(
      array['geometry', 'point', 'linestring', 'polygon', 'multipoint', 'multilinestring', 'multipolygon', 'geometrycollection',
            'circularstring', 'compoundcurve', 'curvepolygon', 'multicurve', 'multisurface', 'polyhedralsurface', 'triangle',
            'tin'], lower(parts[1])) - 1 as kind
    from (
      select modifier, regexp_match(modifier, '^\s*([A-Za-z]+?)\s*(Z?)(M?)\s*(?:,\s*(\d+)\s*)?$', 'i') as parts
      from (select array_to_string($1, ',') as modifier) as given
    ) as matched
  ) as known
$f$;

create function %1$s_typmod_name(integer) returns name
language sql immutable strict parallel safe set search_path = pg_catalog, pg_temp as $f$
  select case when $1 <= 0 then '' else
    '(' || (array['Geometry', 'Point', 'LineString', 'Polygon', 'MultiPoint', 'MultiLineString', 'MultiPolygon',
                  'GeometryCollection', 'CircularString', 'CompoundCurve', 'CurvePolygon', 'MultiCurve', 'MultiSurface',
                  'PolyhedralSurface', 'Triangle', 'Tin'])[$1 / 4 %% 64 + 1]
    || case when $1 & 2 <> 0 then 'Z' else '' end || case when $1 & 1 <> 0 then 'M' else '' end
    || case when $1 / 256 <> 0 then ',' || $1 / 256 else '' end || ')' end::name
$f$;

update pg_catalog.pg_type
set typinput = '%1$s_in(geometry_input, oid, integer)'::pg_catalog.regprocedure,
    typmodin = '%1$s_typmod_in(geometry_input[])'::pg_catalog.regprocedure,
    typmodout = '%1$s_typmod_name(integer)'::pg_catalog.regprocedure
where oid operator(pg_catalog.=) '%1$s'::pg_catalog.regtype;

-- A value with another SRID, or of another type, than its column is refused.
create function %1$s(%1$s, integer, boolean) returns %1$s
language plpgsql immutable strict parallel safe set search_path = pg_catalog, pg_temp as $f$
declare
  srid constant int := coalesce(substring($1::text from '(?i)^\s*srid=(-?\d+);')::int, %2$s);
  kind constant text := lower(substring($1::text from '(?i)^\s*(?:srid=-?\d+;)?\s*([a-z]+?)(?:z|m|zm)?\s*(?:\(|empty)'));
  wanted constant text := lower((array[
    'Geometry', 'Point', 'LineString', 'Polygon', 'MultiPoint', 'MultiLineString', 'MultiPolygon', 'GeometryCollection',
    'CircularString', 'CompoundCurve', 'CurvePolygon', 'MultiCurve', 'MultiSurface', 'PolyhedralSurface', 'Triangle', 'Tin'
  ])[$2 / 4 %% 64 + 1]);
begin
  if $2 > 0 and kind is not null then
    if $2 / 256 <> 0 and srid <> $2 / 256 then
      raise exception 'Geometry SRID (%%) does not match column SRID (%%)', srid, $2 / 256 using errcode = '22023';
    elsif wanted <> 'geometry' and kind <> wanted then
      raise exception 'Geometry type (%%) does not match column type (%%)', kind, wanted using errcode = '22023';
    end if;
  end if;
  return $1;
end $f$;
create cast (%1$s as %1$s) with function %1$s(%1$s, integer, boolean) as implicit;
    $create$, t.name, t.srid);
  end loop;

  foreach t.name in array array['box2d', 'box3d'] loop
    execute pg_catalog.format($create$
      create type %1$s;
      create function %1$s_in(cstring) returns %1$s language internal immutable strict parallel safe as 'textin';
      create function %1$s_out(%1$s) returns cstring language internal immutable strict parallel safe as 'textout';
      create type %1$s (input = %1$s_in, output = %1$s_out, internallength = variable);
    $create$, t.name);
  end loop;
end $$;

create function postgis_typmod_dims(integer) returns integer language sql immutable strict parallel safe
return case when $1 < 0 then 2 else 2 + ($1 & 2) / 2 + ($1 & 1) end;
create function postgis_typmod_srid(integer) returns integer language sql immutable strict parallel safe
return greatest($1, 0) / 256;
create function postgis_typmod_type(integer) returns text language sql immutable strict parallel safe
return coalesce(substring(geometry_typmod_name($1)::text from '[A-Za-z]+'), 'Geometry');
create function postgis_version() returns text language sql immutable return '3.4 stand-in';
create function postgis_lib_version() returns text language sql immutable return '3.4.2';
create function postgis_full_version() returns text language sql immutable return 'POSTGIS="3.4.2 stand-in"';

-- Texts, and points. The casts are not by these functions, for PL/pgSQL would use the cast to return its text.

create cast (text as geometry) with inout as implicit;
create cast (geometry as text) with inout as implicit;
create function text(geometry) returns text language plpgsql immutable strict parallel safe as $$ begin return $1; end $$;
create function geometry(text) returns geometry language plpgsql immutable strict parallel safe as $$ begin return $1; end $$;
create function geography(geometry) returns geography language plpgsql immutable strict parallel safe as
$$ begin return case when $1::text ~* '^\s*srid=' then $1::text else 'SRID=4326;' || $1::text end; end $$;
create function geometry(geography) returns geometry language plpgsql immutable strict parallel safe as
$$ begin return case when $1::text ~* '^\s*srid=' then $1::text else 'SRID=4326;' || $1::text end; end $$;
create cast (geometry as geography) with function geography(geometry) as implicit;
create cast (geography as geometry) with function geometry(geography);

create function st_srid(geom geometry) returns integer language plpgsql immutable strict parallel safe as
$$ begin return coalesce(substring($1::text from '(?i)^\s*srid=(-?\d+);')::int, 0); end $$;
create function st_srid(geog geography) returns integer language sql immutable strict parallel safe
return st_srid($1::geometry);
create function st_setsrid(geom geometry, srid integer) returns geometry language plpgsql immutable strict parallel safe as $$
begin
  return case when $2 > 0 then 'SRID=' || $2 || ';' else '' end || regexp_replace($1::text, '^\s*srid=-?\d+;\s*', '', 'i');
end $$;
create function st_makepoint(float8, float8) returns geometry language plpgsql immutable strict parallel safe as
$$ begin return format('POINT(%s %s)', $1, $2); end $$;
create function st_makepoint(float8, float8, float8) returns geometry language plpgsql immutable strict parallel safe as
$$ begin return format('POINT Z (%s %s %s)', $1, $2, $3); end $$;
create function st_point(float8, float8) returns geometry language sql immutable strict parallel safe
return st_makepoint($1, $2);
create function st_point(float8, float8, srid integer) returns geometry language sql immutable strict parallel safe
return st_setsrid(st_makepoint($1, $2), $3);
create function st_geomfromtext(text) returns geometry language sql immutable strict parallel safe
return geometry($1);
create function st_geomfromtext(text, integer) returns geometry language sql immutable strict parallel safe
return st_setsrid(geometry($1), $2);
create function st_geometryfromtext(text) returns geometry language sql immutable strict parallel safe
return geometry($1);
create function st_geometryfromtext(text, integer) returns geometry language sql immutable strict parallel safe
return st_setsrid(geometry($1), $2);
create function st_geomfromewkt(text) returns geometry language sql immutable strict parallel safe
return geometry($1);
create function st_pointfromtext(text) returns geometry language sql immutable strict parallel safe
return geometry($1);
create function st_pointfromtext(text, integer) returns geometry language sql immutable strict parallel safe
return st_setsrid(geometry($1), $2);
create function st_geogfromtext(text) returns geography language sql immutable strict parallel safe
return geography(geometry($1));
create function st_geographyfromtext(text) returns geography language sql immutable strict parallel safe
return geography(geometry($1));

create function st_astext(geometry) returns text language plpgsql immutable strict parallel safe as $$
begin
  if $1::text ~ '^0[01][0-9A-Fa-f]{8,}$' then
    raise exception 'the stand-in for postgis does not read EWKB' using errcode = 'PGP99';
  end if;
  return upper(regexp_replace($1::text, '^\s*srid=-?\d+;\s*', '', 'i'));
end $$;
create function st_astext(geography) returns text language sql immutable strict parallel safe
return st_astext($1::geometry);
create function st_astext(text) returns text language sql immutable strict parallel safe
return st_astext(geometry($1));
create function st_asewkt(geometry) returns text language sql immutable strict parallel safe
return case when st_srid($1) <> 0 then 'SRID=' || st_srid($1) || ';' else '' end || st_astext($1);
create function geometrytype(geometry) returns text language sql immutable strict parallel safe
return substring(st_astext($1) from '^[A-Z]+');

do $$
declare
  f record;
begin
  for f in select * from (values ('x', 1), ('y', 2), ('z', 3)) as coordinates(name, place) loop
    execute pg_catalog.format($create$
      create function st_%1$s(geometry) returns float8 language plpgsql immutable strict parallel safe as $f$
      begin
        if $1::text !~* '^\s*(srid=-?\d+;\s*)?point' then
          raise exception 'the stand-in for postgis reads coordinates of the text of points only' using errcode = 'PGP99';
        end if;
        return (regexp_split_to_array(trim(substring($1::text from '\((.*)\)')), '\s+'))[%2$s];
      end $f$;
    $create$, f.name, f.place);
  end loop;
end $$;

-- Everything else that is common: by name and types

do $$
declare
  signature text;
begin
  foreach signature in array array[
    'st_area(geometry) returns float8',
    'st_area(geog geography, use_spheroid boolean default true) returns float8',
    'st_asbinary(geometry) returns bytea',
    'st_asbinary(geography) returns bytea',
    'st_asewkb(geometry) returns bytea',
    'st_asgeojson(geom geometry, maxdecimaldigits integer default 9, options integer default 8) returns text',
    'st_asgeojson(geog geography, maxdecimaldigits integer default 9, options integer default 0) returns text',
    'st_askml(geom geometry, maxdecimaldigits integer default 15, nprefix text default '''') returns text',
    'st_asmvtgeom(geom geometry, bounds box2d, extent integer default 4096, buffer integer default 256, '
      'clip_geom boolean default true) returns geometry',
    'st_assvg(geom geometry, rel integer default 0, maxdecimaldigits integer default 15) returns text',
    'st_azimuth(geom1 geometry, geom2 geometry) returns float8',
    'st_azimuth(geog1 geography, geog2 geography) returns float8',
    'st_boundary(geometry) returns geometry',
    'st_buffer(geom geometry, radius float8, options text default '''') returns geometry',
    'st_buffer(geom geometry, radius float8, quadsegs integer) returns geometry',
    'st_buffer(geography, float8) returns geography',
    'st_buildarea(geometry) returns geometry',
    'st_centroid(geometry) returns geometry',
    'st_centroid(geography, use_spheroid boolean default true) returns geography',
    'st_closestpoint(geom1 geometry, geom2 geometry) returns geometry',
    'st_collect(geom1 geometry, geom2 geometry) returns geometry',
    'st_collect(geometry[]) returns geometry',
    'st_contains(geom1 geometry, geom2 geometry) returns boolean',
    'st_containsproperly(geom1 geometry, geom2 geometry) returns boolean',
    'st_convexhull(geometry) returns geometry',
    'st_coveredby(geom1 geometry, geom2 geometry) returns boolean',
    'st_coveredby(geog1 geography, geog2 geography) returns boolean',
    'st_covers(geom1 geometry, geom2 geometry) returns boolean',
    'st_covers(geog1 geography, geog2 geography) returns boolean',
    'st_crosses(geom1 geometry, geom2 geometry) returns boolean',
    'st_difference(geom1 geometry, geom2 geometry, gridsize float8 default -1.0) returns geometry',
    'st_dimension(geometry) returns integer',
    'st_disjoint(geom1 geometry, geom2 geometry) returns boolean',
    'st_distance(geom1 geometry, geom2 geometry) returns float8',
    'st_distance(geog1 geography, geog2 geography, use_spheroid boolean default true) returns float8',
    'st_distancesphere(geom1 geometry, geom2 geometry) returns float8',
    'st_distancespheroid(geom1 geometry, geom2 geometry) returns float8',
    'st_dwithin(geom1 geometry, geom2 geometry, float8) returns boolean',
    'st_dwithin(geog1 geography, geog2 geography, tolerance float8, use_spheroid boolean default true) returns boolean',
    'st_endpoint(geometry) returns geometry',
    'st_envelope(geometry) returns geometry',
    'st_equals(geom1 geometry, geom2 geometry) returns boolean',
    'st_expand(geometry, float8) returns geometry',
    'st_exteriorring(geometry) returns geometry',
    'st_flipcoordinates(geometry) returns geometry',
    'st_force2d(geometry) returns geometry',
    'st_force3d(geom geometry, zvalue float8 default 0.0) returns geometry',
    'st_geohash(geom geometry, maxchars integer default 0) returns text',
    'st_geohash(geog geography, maxchars integer default 0) returns text',
    'st_geometryn(geometry, integer) returns geometry',
    'st_geometrytype(geometry) returns text',
    'st_geomfromewkb(bytea) returns geometry',
    'st_geomfromgeohash(text, integer default null) returns geometry',
    'st_geomfromgeojson(text) returns geometry',
    'st_geomfromgeojson(json) returns geometry',
    'st_geomfromgeojson(jsonb) returns geometry',
    'st_geomfromwkb(bytea) returns geometry',
    'st_geomfromwkb(bytea, integer) returns geometry',
    'st_hexagongrid(size float8, bounds geometry, out geom geometry, out i integer, '
      'out j integer) returns setof record',
    'st_intersection(geom1 geometry, geom2 geometry, gridsize float8 default -1) returns geometry',
    'st_intersection(geography, geography) returns geography',
    'st_intersects(geom1 geometry, geom2 geometry) returns boolean',
    'st_intersects(geog1 geography, geog2 geography) returns boolean',
    'st_isclosed(geometry) returns boolean',
    'st_isempty(geometry) returns boolean',
    'st_issimple(geometry) returns boolean',
    'st_isvalid(geometry) returns boolean',
    'st_isvalidreason(geometry) returns text',
    'st_length(geometry) returns float8',
    'st_length(geog geography, use_spheroid boolean default true) returns float8',
    'st_lineinterpolatepoint(geometry, float8) returns geometry',
    'st_linelocatepoint(geom1 geometry, geom2 geometry) returns float8',
    'st_linemerge(geometry) returns geometry',
    'st_linesubstring(geometry, float8, float8) returns geometry',
    'st_m(geometry) returns float8',
    'st_makeenvelope(float8, float8, float8, float8, integer default 0) returns geometry',
    'st_makeline(geom1 geometry, geom2 geometry) returns geometry',
    'st_makeline(geometry[]) returns geometry',
    'st_makepolygon(geometry) returns geometry',
    'st_makevalid(geometry) returns geometry',
    'st_multi(geometry) returns geometry',
    'st_npoints(geometry) returns integer',
    'st_numgeometries(geometry) returns integer',
    'st_numpoints(geometry) returns integer',
    'st_overlaps(geom1 geometry, geom2 geometry) returns boolean',
    'st_perimeter(geometry) returns float8',
    'st_perimeter(geog geography, use_spheroid boolean default true) returns float8',
    'st_pointn(geometry, integer) returns geometry',
    'st_pointonsurface(geometry) returns geometry',
    'st_polygon(geometry, integer) returns geometry',
    'st_polygonfromtext(text) returns geometry',
    'st_project(geog geography, distance float8, azimuth float8) returns geography',
    'st_relate(geom1 geometry, geom2 geometry) returns text',
    'st_reverse(geometry) returns geometry',
    'st_rotate(geometry, float8) returns geometry',
    'st_scale(geometry, float8, float8) returns geometry',
    'st_segmentize(geometry, float8) returns geometry',
    'st_simplify(geometry, float8) returns geometry',
    'st_simplify(geometry, float8, boolean) returns geometry',
    'st_simplifypreservetopology(geometry, float8) returns geometry',
    'st_snaptogrid(geometry, float8) returns geometry',
    'st_squaregrid(size float8, bounds geometry, out geom geometry, out i integer, out j integer) returns setof record',
    'st_startpoint(geometry) returns geometry',
    'st_subdivide(geom geometry, maxvertices integer default 256, gridsize float8 default -1.0) returns setof geometry',
    'st_symdifference(geom1 geometry, geom2 geometry, gridsize float8 default -1.0) returns geometry',
    'st_tileenvelope(zoom integer, x integer, y integer, bounds geometry default null, '
      'margin float8 default 0.0) returns geometry',
    'st_touches(geom1 geometry, geom2 geometry) returns boolean',
    'st_transform(geometry, integer) returns geometry',
    'st_transform(geom geometry, to_proj text) returns geometry',
    'st_translate(geometry, float8, float8) returns geometry',
    'st_union(geom1 geometry, geom2 geometry) returns geometry',
    'st_union(geometry[]) returns geometry',
    'st_within(geom1 geometry, geom2 geometry) returns boolean',
    'st_xmax(box3d) returns float8',
    'st_xmin(box3d) returns float8',
    'st_ymax(box3d) returns float8',
    'st_ymin(box3d) returns float8',
    'box2d(geometry) returns box2d',
    'box3d(geometry) returns box3d',
    'box3d(box2d) returns box3d',
    'geometry(bytea) returns geometry',
    'bytea(geometry) returns bytea',
    'geometry(point) returns geometry',
    'geometry(box2d) returns geometry',
    'geometry(box3d) returns geometry',
    'geography(bytea) returns geography',
    '"json"(geometry) returns json',
    'jsonb(geometry) returns jsonb',
    'geometry_overlaps(geom1 geometry, geom2 geometry) returns boolean',
    'geometry_same(geom1 geometry, geom2 geometry) returns boolean',
    'geometry_contains(geom1 geometry, geom2 geometry) returns boolean',
    'geometry_within(geom1 geometry, geom2 geometry) returns boolean',
    'geometry_left(geom1 geometry, geom2 geometry) returns boolean',
    'geometry_right(geom1 geometry, geom2 geometry) returns boolean',
    'geometry_below(geom1 geometry, geom2 geometry) returns boolean',
    'geometry_above(geom1 geometry, geom2 geometry) returns boolean',
    'geometry_distance_centroid(geom1 geometry, geom2 geometry) returns float8',
    'geometry_distance_box(geom1 geometry, geom2 geometry) returns float8',
    'geometry_overlaps_nd(geometry, geometry) returns boolean',
    'geometry_distance_centroid_nd(geometry, geometry) returns float8',
    'geography_overlaps(geography, geography) returns boolean',
    'geography_distance_knn(geography, geography) returns float8'
  ] loop
    execute pg_catalog.format(
      'create function %s immutable strict parallel safe language plpgsql as %L',
      signature,
      'begin raise exception ''the stand-in for postgis does not compute'' using errcode = ''PGP99''; end');
  end loop;
end $$;

create cast (geometry as box2d) with function box2d(geometry) as implicit;
create cast (geometry as box3d) with function box3d(geometry) as implicit;
create cast (box2d as box3d) with function box3d(box2d) as implicit;
create cast (box2d as geometry) with function geometry(box2d) as implicit;
create cast (box3d as geometry) with function geometry(box3d) as implicit;
create cast (geometry as bytea) with function bytea(geometry) as implicit;
create cast (bytea as geometry) with function geometry(bytea) as implicit;
create cast (bytea as geography) with function geography(bytea) as implicit;
create cast (geometry as json) with function "json"(geometry);
create cast (geometry as jsonb) with function jsonb(geometry);
create cast (point as geometry) with function geometry(point);

create operator && (leftarg = geometry, rightarg = geometry, function = geometry_overlaps, commutator = &&);
create operator ~= (leftarg = geometry, rightarg = geometry, function = geometry_same, commutator = ~=);
create operator ~ (leftarg = geometry, rightarg = geometry, function = geometry_contains, commutator = @);
create operator @ (leftarg = geometry, rightarg = geometry, function = geometry_within, commutator = ~);
create operator << (leftarg = geometry, rightarg = geometry, function = geometry_left, commutator = >>);
create operator >> (leftarg = geometry, rightarg = geometry, function = geometry_right, commutator = <<);
create operator <<| (leftarg = geometry, rightarg = geometry, function = geometry_below, commutator = |>>);
create operator |>> (leftarg = geometry, rightarg = geometry, function = geometry_above, commutator = <<|);
create operator <-> (leftarg = geometry, rightarg = geometry, function = geometry_distance_centroid, commutator = <->);
create operator <#> (leftarg = geometry, rightarg = geometry, function = geometry_distance_box, commutator = <#>);
create operator &&& (leftarg = geometry, rightarg = geometry, function = geometry_overlaps_nd, commutator = &&&);
create operator <<->> (leftarg = geometry, rightarg = geometry, function = geometry_distance_centroid_nd, commutator = <<->>);
create operator && (leftarg = geography, rightarg = geography, function = geography_overlaps, commutator = &&);
create operator <-> (leftarg = geography, rightarg = geography, function = geography_distance_knn, commutator = <->);

-- Equality and order are those of the text.
do $$
declare
  t text;
  o record;
begin
  foreach t in array array['geometry', 'geography'] loop
    execute pg_catalog.format(
      'create function %1$s_cmp(%1$s, %1$s) returns integer language plpgsql immutable strict parallel safe as '
      '$f$ begin return bttextcmp($1::text collate "C", $2::text collate "C"); end $f$', t);
    for o in
      select * from (values
        ('<', 'lt', '>', '>='), ('<=', 'le', '>=', '>'), ('=', 'eq', '=', null), ('>=', 'ge', '<=', '<'), ('>', 'gt', '<', '<=')
      ) as operators(name, function, commutator, negator)
    loop
      execute pg_catalog.format($create$
        create function %1$s_%3$s(%1$s, %1$s) returns boolean language plpgsql immutable strict parallel safe as
          $f$ begin return $1::text collate "C" %2$s $2::text collate "C"; end $f$;
        create operator %2$s (leftarg = %1$s, rightarg = %1$s, function = %1$s_%3$s, commutator = %4$s%5$s);
      $create$, t, o.name, o.function, o.commutator, ', negator = ' operator(pg_catalog.||) o.negator);
    end loop;
    execute pg_catalog.format(
      'create operator class btree_%1$s_ops default for type %1$s using btree as operator 1 <, operator 2 <=, operator 3 =, '
      'operator 4 >=, operator 5 >, function 1 %1$s_cmp(%1$s, %1$s)', t);
  end loop;
end $$;

create function geometry_hash(geometry) returns integer language plpgsql immutable strict parallel safe as
$$ begin return hashtext($1::text collate "C"); end $$;
create operator class hash_geometry_ops default for type geometry using hash as
  operator 1 =, function 1 geometry_hash(geometry);

-- GiST classes that hold nothing and match no clause (as in the stand-in for pg_trgm)
create type gidx;
create function gidx_in(cstring) returns gidx language internal immutable strict parallel safe as 'int8in';
create function gidx_out(gidx) returns cstring language internal immutable strict parallel safe as 'int8out';
create type gidx (input = gidx_in, output = gidx_out, internallength = 8, passedbyvalue, alignment = double);

do $$
declare
  c record;
begin
  for c in
    select * from (values
      ('geometry_gist', '2d', 'geometry', 'gist_geometry_ops_2d', 'default'),
      ('geometry_gist', 'nd', 'geometry', 'gist_geometry_ops_nd', ''),
      ('geography_gist', '2d', 'geography', 'gist_geography_ops', 'default')
    ) as classes(prefix, suffix, type, name, is_default)
  loop
    execute pg_catalog.format($create$
      create function %1$s_consistent_%2$s(internal, %3$s, int2, oid, internal) returns boolean
        language internal immutable strict parallel safe as 'pg_backend_pid';
      create function %1$s_union_%2$s(internal, internal) returns gidx
        language internal immutable strict parallel safe as 'gtsquery_union';
      create function %1$s_compress_%2$s(internal) returns internal language internal immutable strict parallel safe as 'int8up';
      create function %1$s_penalty_%2$s(internal, internal, internal) returns internal
        language internal immutable strict parallel safe as 'gtsquery_penalty';
      create function %1$s_picksplit_%2$s(internal, internal) returns internal
        language internal immutable strict parallel safe as 'gtsquery_picksplit';
      create function %1$s_same_%2$s(gidx, gidx, internal) returns internal
        language internal immutable strict parallel safe as 'gtsquery_same';
      create operator class %4$s %5$s for type %3$s using gist as
        function 1 %1$s_consistent_%2$s(internal, %3$s, int2, oid, internal), function 2 %1$s_union_%2$s(internal, internal),
        function 3 %1$s_compress_%2$s(internal), function 5 %1$s_penalty_%2$s(internal, internal, internal),
        function 6 %1$s_picksplit_%2$s(internal, internal), function 7 %1$s_same_%2$s(gidx, gidx, internal), storage gidx;
    $create$, c.prefix, c.suffix, c.type, c.name, c.is_default);
  end loop;
end $$;

-- Aggregates

create function pgis_geometry_none(geometry, geometry) returns geometry language plpgsql immutable parallel safe as
$$ begin raise exception 'the stand-in for postgis does not compute' using errcode = 'PGP99'; end $$;
create function pgis_asmvt_none(bytea, anyelement) returns bytea language plpgsql immutable parallel safe as
$$ begin raise exception 'the stand-in for postgis does not compute' using errcode = 'PGP99'; end $$;
create function pgis_asmvt_none(bytea, anyelement, text) returns bytea language plpgsql immutable parallel safe as
$$ begin raise exception 'the stand-in for postgis does not compute' using errcode = 'PGP99'; end $$;
create function pgis_extent_none(box2d, geometry) returns box2d language plpgsql immutable parallel safe as
$$ begin raise exception 'the stand-in for postgis does not compute' using errcode = 'PGP99'; end $$;
create aggregate st_collect(geometry) (sfunc = pgis_geometry_none, stype = geometry, parallel = safe);
create aggregate st_union(geometry) (sfunc = pgis_geometry_none, stype = geometry, parallel = safe);
create aggregate st_makeline(geometry) (sfunc = pgis_geometry_none, stype = geometry, parallel = safe);
create aggregate st_extent(geometry) (sfunc = pgis_extent_none, stype = box2d, parallel = safe);
create aggregate st_asmvt(anyelement) (sfunc = pgis_asmvt_none, stype = bytea, parallel = safe);
create aggregate st_asmvt(anyelement, text) (sfunc = pgis_asmvt_none, stype = bytea, parallel = safe);

-- Metadata

create table spatial_ref_sys (
  srid integer not null primary key constraint spatial_ref_sys_srid_check check (srid > 0 and srid <= 998999),
  auth_name varchar(256),
  auth_srid integer,
  srtext varchar(2048),
  proj4text varchar(2048)
);
insert into spatial_ref_sys values
  (4326, 'EPSG', 4326, null, '+proj=longlat +datum=WGS84 +no_defs'),
  (3857, 'EPSG', 3857, null, '+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +no_defs');

create view geometry_columns as
select current_database()::varchar(256) as f_table_catalog, n.nspname as f_table_schema, c.relname as f_table_name,
       a.attname as f_geometry_column, postgis_typmod_dims(a.atttypmod) as coord_dimension,
       postgis_typmod_srid(a.atttypmod) as srid, rtrim(upper(postgis_typmod_type(a.atttypmod)), 'ZM')::varchar(30) as type
from pg_catalog.pg_class as c
join pg_catalog.pg_attribute as a on a.attrelid = c.oid and not a.attisdropped
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where a.atttypid = 'geometry'::regtype and c.relkind in ('r', 'v', 'm', 'f', 'p')
  and has_table_privilege(c.oid, 'select');

create view geography_columns as
select current_database() as f_table_catalog, n.nspname as f_table_schema, c.relname as f_table_name,
       a.attname as f_geography_column, postgis_typmod_dims(a.atttypmod) as coord_dimension,
       postgis_typmod_srid(a.atttypmod) as srid, postgis_typmod_type(a.atttypmod) as type
from pg_catalog.pg_class as c
join pg_catalog.pg_attribute as a on a.attrelid = c.oid and not a.attisdropped
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where a.atttypid = 'geography'::regtype and c.relkind in ('r', 'v', 'm', 'f', 'p')
  and has_table_privilege(c.oid, 'select');

grant select on spatial_ref_sys, geometry_columns, geography_columns to public;
