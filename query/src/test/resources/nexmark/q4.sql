SELECT category, AVG(closing_price) AS average
FROM (
  SELECT a.data_id, a.category, MAX(b.price) AS closing_price
  FROM auction AS a
  JOIN bid AS b ON b.auction = a.data_id AND b.event_time BETWEEN a.event_time AND a.expires
  GROUP BY a.data_id, a.category)
GROUP BY category
