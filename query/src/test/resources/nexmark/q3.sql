SELECT seller.name, seller.city, seller.state, offered.data_id AS auction
FROM auction AS offered
JOIN person AS seller ON seller.data_id = offered.seller
WHERE offered.category = 10 AND seller.state IN ('OR', 'ID', 'CA')
