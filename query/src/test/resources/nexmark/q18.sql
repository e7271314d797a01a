SELECT auction, bidder, price, channel, url, event_time, extra
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY bidder, auction ORDER BY event_time DESC) AS place FROM bid)
WHERE place = 1
