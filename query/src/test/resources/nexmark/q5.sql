CREATE TEMPORARY VIEW counts AS
SELECT auction, window_start, window_end, COUNT(*) AS bids
FROM TABLE(HOP(TABLE bid, DESCRIPTOR(event_time), INTERVAL '2' SECOND, INTERVAL '10' SECOND))
GROUP BY auction, window_start, window_end;

SELECT c.auction, c.bids, c.window_end
FROM counts AS c
JOIN (
  SELECT window_start, window_end, MAX(bids) AS most FROM counts GROUP BY window_start, window_end) AS top
ON c.window_start = top.window_start AND c.window_end = top.window_end AND c.bids >= top.most
