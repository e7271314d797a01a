SELECT p.data_id AS person, p.name, p.window_start
FROM (
  SELECT data_id, name, window_start, window_end
  FROM TABLE(TUMBLE(TABLE person, DESCRIPTOR(event_time), INTERVAL '10' SECOND))
  GROUP BY data_id, name, window_start, window_end) AS p
JOIN (
  SELECT seller, window_start, window_end
  FROM TABLE(TUMBLE(TABLE auction, DESCRIPTOR(event_time), INTERVAL '10' SECOND))
  GROUP BY seller, window_start, window_end) AS a
ON p.data_id = a.seller AND p.window_start = a.window_start AND p.window_end = a.window_end
