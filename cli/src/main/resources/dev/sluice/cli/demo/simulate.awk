# Makes what 40 weather stations measure every second: second, station, temperature in hundredths, wind.
# The variable `records` says how many lines.
BEGIN {
  if (!records) records = 2000000
  x = 42
  for (i = 0; i < records; i++) {
    s = i % 40
    x = (x * 16807) % 2147483647
    t[s] += x % 21 - 10
    x = (x * 16807) % 2147483647
    print int(i / 40) "," s "," 1500 + s * 10 + t[s] % 1000 "," x % 120
  }
}
