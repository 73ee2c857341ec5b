-- earthdistance over cube (manual, section F.15): a sphere with its centre at the origin.

create function earth() returns float8 language sql immutable parallel safe
return 6378168::float8;

create domain earth as cube
  constraint not_point check (cube_is_point(value))
  constraint not_3d check (cube_dim(value) <= 3)
  constraint on_surface check (abs(cube_distance(value, '(0)'::cube) / earth() - 1) < 10e-7);

create function sec_to_gc(float8) returns float8 language sql immutable strict parallel safe
return case when $1 < 0 then 0
            when $1 / (2 * earth()) > 1 then pi() * earth()
            else 2 * earth() * asin($1 / (2 * earth())) end;

create function gc_to_sec(float8) returns float8 language sql immutable strict parallel safe
return case when $1 < 0 then 0
            when $1 / earth() > pi() then 2 * earth()
            else 2 * earth() * sin($1 / (2 * earth())) end;

create function ll_to_earth(float8, float8) returns earth language sql immutable strict parallel safe
return cube(array[
  earth() * cos(radians($1)) * cos(radians($2)), earth() * cos(radians($1)) * sin(radians($2)), earth() * sin(radians($1))
])::earth;

create function latitude(earth) returns float8 language sql immutable strict parallel safe
return degrees(asin(greatest(-1, least(1, cube_ll_coord($1, 3) / earth()))));

create function longitude(earth) returns float8 language sql immutable strict parallel safe
return degrees(atan2(cube_ll_coord($1, 2), cube_ll_coord($1, 1)));

create function earth_distance(earth, earth) returns float8 language sql immutable strict parallel safe
return sec_to_gc(cube_distance($1, $2));

create function earth_box(earth, float8) returns cube language sql immutable strict parallel safe
return cube_enlarge($1, gc_to_sec($2), 3);

-- In statute miles, between points of longitude and latitude in degrees
create function geo_distance(point, point) returns float8 language sql immutable strict parallel safe
begin atomic
  select 2 * 3958.747716 * asin(sqrt(least(1, sin((lat2 - lat1) / 2) ^ 2 + cos(lat1) * cos(lat2) * sin((long2 - long1) / 2) ^ 2)))
  from (
    select radians($1[1]) as lat1, radians($2[1]) as lat2, radians($1[0]) as long1, radians($2[0]) as long2
  ) as coordinates;
end;

create operator <@> (leftarg = point, rightarg = point, function = geo_distance, commutator = <@>);
