SELECT auction, item, seller, category, expires, bidder, price, bid_time, extra
FROM (
  SELECT a.data_id AS auction, a.item, a.seller, a.category, a.expires,
         b.bidder, b.price, b.event_time AS bid_time, b.extra,
         ROW_NUMBER() OVER (PARTITION BY a.data_id ORDER BY b.price DESC) AS place
  FROM auction AS a
  JOIN bid AS b ON b.auction = a.data_id AND b.event_time BETWEEN a.event_time AND a.expires)
WHERE place = 1
